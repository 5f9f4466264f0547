// Which channels are occupied, and what is known of one.

import { icon } from "../elements/icon.js";
import { controls } from "../styles/controls.js";
import { tokens } from "../styles/tokens.js";
import { css, html, LitElement, nothing } from "../vendor/lit.js";
import { Poll } from "./poll.js";
import { state } from "./state.js";
import { panes } from "./styles/panes.js";
import { pretty, timeOf } from "./texts.js";
import { counted, words } from "./words.js";

class Channels extends LitElement {
  static properties = {
    app: {},
    channel: {},
    search: { state: true },
  };
  static styles = [
    tokens,
    controls,
    panes,
    css`
      .subscriptions {
        width: 112px;
      }

      .members {
        width: 96px;
      }

      .kind {
        width: 168px;
      }

      .columns {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 360px), 1fr));
        gap: 0 24px;
      }

      .names .mono {
        margin-inline-end: 4px;
      }

      .about {
        margin-bottom: 8px;
        font-size: 14px;
      }
    `,
  ];

  constructor() {
    super();
    this.app = "";
    this.channel = "";
    this.search = "";
    /** @type {Poll<import("./types").ChannelPage>} */
    this.list = new Poll(this, 2, () =>
      this.app && !this.channel
        ? { path: `${encodeURIComponent(this.app)}/channels`, query: { search: this.search } }
        : null,
    );
    /** @type {Poll<import("./types").ChannelDetail>} */
    this.one = new Poll(this, 2, () =>
      this.app && this.channel
        ? { path: `${encodeURIComponent(this.app)}/channel`, query: { name: this.channel } }
        : null,
    );
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has("app")) this.list.restart();
    else if (changed.has("channel") || changed.has("search")) this.list.now();
    if (changed.has("app") || changed.has("channel")) this.one.restart();
  }

  render() {
    return this.channel ? this.#one() : this.#list();
  }

  #list() {
    const { value } = this.list;
    return html`<div class="head">
        <h1>${words.channels}</h1>
        <input
          class="search"
          type="search"
          maxlength="300"
          aria-label=${words.searchChannels}
          placeholder=${words.searchChannels}
          .value=${this.search}
          @input=${(/** @type {InputEvent} */ event) =>
            (this.search = /** @type {HTMLInputElement} */ (event.target).value.trim())}
        />
      </div>
      ${value ? this.#page(value) : nothing}`;
  }

  /** @param {import("./types").ChannelPage} page */
  #page({ channels, found }) {
    if (!channels.length) {
      return html`<div class="card">
        <div class="blank">
          ${icon("hash")}<p>${this.search ? words.noneFound : words.noChannels}</p>
        </div>
      </div>`;
    }
    return html`<div class="card">
        <table>
          <thead>
            <tr>
              <th scope="col">${words.channel}</th>
              <th scope="col" class="kind wide">${words.kind}</th>
              <th scope="col" class="members number wide">${words.members}</th>
              <th scope="col" class="subscriptions number">${words.subscriptions}</th>
            </tr>
          </thead>
          <tbody>
            ${channels.map(
              ({ name, users, subscriptions }) => html`<tr>
                <th scope="row">
                  <a title=${name} href=${state.address(this.app, "channels", name)}>${name}</a>
                </th>
                <td class="wide quiet">${kindOf(name)}</td>
                <td class="wide number">${users ?? nothing}</td>
                <td class="number">${counted(subscriptions)}</td>
              </tr>`,
            )}
          </tbody>
        </table>
      </div>
      <p class="foot quiet">
        ${words.shownOf(channels.length, found)}, ${words.largestFirst}
      </p>`;
  }

  #one() {
    const { value } = this.one;
    return html`<a class="back" href=${state.address(this.app, "channels")}>
        ${icon("arrow-left")}${words.channels}
      </a>
      <div class="head">
        <h1>${this.channel}</h1>
        <a class="button" href=${state.address(this.app, "send", this.channel)}>
          ${icon("send-horizontal")}${words.sendHere}
        </a>
      </div>
      ${value ? this.#detail(value) : nothing}`;
  }

  /** @param {import("./types").ChannelDetail} detail */
  #detail({ channel, listeners, memberIds, cached, lastEvent }) {
    return html`<div class="card padded">
        <dl>
          <dt>${words.kind}</dt>
          <dd>${kindOf(channel.name)}</dd>
          <dt>${words.subscriptions}</dt>
          <dd>${counted(channel.subscriptions)}</dd>
        </dl>
      </div>
      <div class="columns">
        ${channel.users === null ? nothing : this.#members(memberIds, channel.users)}
        ${this.#listeners(listeners)}
      </div>
      <h2>${words.lastEvent}</h2>
      ${lastEvent
        ? html`<p class="about">
              <b>${lastEvent.event}</b>
              <span class="quiet">
                ${timeOf(lastEvent.at)} · ${words.reachedBy(lastEvent.reached)}
              </span>
            </p>
            <pre>${pretty(lastEvent.data)}</pre>`
        : html`<p class="quiet">${words.noLastEvent}</p>`}
      ${cached
        ? html`<h2>${words.cached}</h2>
            <p class="about">
              <b>${cached.event}</b>
              <span class="quiet">${words.secondsLeft(cached.secondsLeft)}</span>
            </p>
            <pre>${pretty(cached.data)}</pre>`
        : nothing}`;
  }

  /** @param {string[]} ids @param {number} count */
  #members(ids, count) {
    return html`<section>
      <h2>${words.members}</h2>
      <div class="card padded">
        <ul class="names">
          ${ids.map((id) => html`<li>${id}</li>`)}
        </ul>
        ${count > ids.length
          ? html`<p class="quiet">${words.shownOf(ids.length, count)}</p>`
          : nothing}
      </div>
    </section>`;
  }

  /** @param {import("./types").ChannelDetail["listeners"]} listeners */
  #listeners(listeners) {
    return html`<section>
      <h2>${words.listeners}</h2>
      <div class="card padded">
        ${listeners.length
          ? html`<ul class="names">
              ${listeners.map(
                ({ socketId, userId }) => html`<li>
                  <a class="mono" href=${state.address(this.app, "connections", socketId)}
                    >${socketId}</a
                  >
                  ${userId}
                </li>`,
              )}
            </ul>`
          : html`<p class="quiet">${words.nobodyListens}</p>`}
      </div>
    </section>`;
  }
}

/** What the beginning of a name says. @param {string} name */
function kindOf(name) {
  if (name.startsWith("#server-to-user-")) return "server to user";
  const kinds = ["private-encrypted-cache", "private-encrypted", "private-cache", "presence-cache"];
  const kind = [...kinds, "private", "presence", "cache"].find((each) =>
    name.startsWith(`${each}-`),
  );
  return kind?.replaceAll("-", " ") ?? "public";
}

customElements.define("kabar-console-channels", Channels);
