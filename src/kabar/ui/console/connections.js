// Who is connected, and what each of them listens to.

import { icon } from "../elements/icon.js";
import { controls } from "../styles/controls.js";
import { tokens } from "../styles/tokens.js";
import { css, html, LitElement, nothing } from "../vendor/lit.js";
import { Poll } from "./poll.js";
import { state } from "./state.js";
import { panes } from "./styles/panes.js";
import { inFull, timeOf } from "./texts.js";
import { words } from "./words.js";

class Connections extends LitElement {
  static properties = {
    app: {},
    socketId: {},
    search: { state: true },
  };
  static styles = [
    tokens,
    controls,
    panes,
    css`
      .transport {
        width: 104px;
      }

      .since {
        width: 112px;
      }

      .subscriptions {
        width: 96px;
      }

      @media (max-width: 719px) {
        .socket {
          width: 184px;
        }

        .number {
          padding-inline-end: 16px;
        }
      }
    `,
  ];

  constructor() {
    super();
    this.app = "";
    this.socketId = "";
    this.search = "";
    /** @type {Poll<import("./types").ConnectionPage>} */
    this.list = new Poll(this, 2, () =>
      this.app && !this.socketId
        ? { path: `${encodeURIComponent(this.app)}/connections`, query: { search: this.search } }
        : null,
    );
    /** @type {Poll<import("./types").Connection>} */
    this.one = new Poll(this, 2, () =>
      this.app && this.socketId
        ? { path: [this.app, "connections", this.socketId].map(encodeURIComponent).join("/") }
        : null,
    );
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has("app")) this.list.restart();
    else if (changed.has("socketId") || changed.has("search")) this.list.now();
    if (changed.has("app") || changed.has("socketId")) this.one.restart();
  }

  render() {
    return this.socketId ? this.#one() : this.#list();
  }

  #list() {
    const { value } = this.list;
    return html`<div class="head">
        <h1>${words.connections}</h1>
        <input
          class="search"
          type="search"
          maxlength="300"
          aria-label=${words.searchConnections}
          placeholder=${words.searchConnections}
          .value=${this.search}
          @input=${(/** @type {InputEvent} */ event) =>
            (this.search = /** @type {HTMLInputElement} */ (event.target).value.trim())}
        />
      </div>
      ${value ? this.#page(value) : nothing}`;
  }

  /** @param {import("./types").ConnectionPage} page */
  #page({ connections, found }) {
    if (!connections.length) {
      return html`<div class="card">
        <div class="blank">
          ${icon("cable")}<p>${this.search ? words.noneFound : words.noConnections}</p>
        </div>
      </div>`;
    }
    return html`<div class="card">
        <table>
          <thead>
            <tr>
              <th scope="col" class="socket">${words.socket}</th>
              <th scope="col">${words.user}</th>
              <th scope="col" class="wide">${words.address}</th>
              <th scope="col" class="transport wide">${words.transport}</th>
              <th scope="col" class="subscriptions number">${words.channels}</th>
              <th scope="col" class="since number wide">${words.since}</th>
            </tr>
          </thead>
          <tbody>
            ${connections.map((connection) => this.#row(connection))}
          </tbody>
        </table>
      </div>
      <p class="foot quiet">
        ${words.shownOf(connections.length, found)}, ${words.newestFirst}, ${words.thisNode}
      </p>`;
  }

  /** @param {import("./types").Connection} connection */
  #row({ socketId, userId, address, transport, subscriptions, channels, since }) {
    return html`<tr>
      <th scope="row" class="mono">
        <a href=${state.address(this.app, "connections", socketId)}>${socketId}</a>
      </th>
      <td title=${userId ?? nothing}>
        ${userId ?? html`<span aria-hidden="true">–</span
              ><span class="only-heard">${words.stranger}</span>`}
      </td>
      <td class="wide mono">${address}</td>
      <td class="wide">${transport}</td>
      <td class="number" title=${channels.join("\n")}>${subscriptions}</td>
      <td class="wide number">${moment(since)}</td>
    </tr>`;
  }

  #one() {
    const { value, problem } = this.one;
    return html`<a class="back" href=${state.address(this.app, "connections")}>
        ${icon("arrow-left")}${words.connections}
      </a>
      <div class="head"><h1>${this.socketId}</h1></div>
      ${problem?.status === 404 ? html`<p class="quiet">${words.connectionGone}</p>` : nothing}
      ${value && !problem ? this.#detail(value) : nothing}`;
  }

  /** @param {import("./types").Connection} connection */
  #detail({ userId, address, transport, since, channels }) {
    return html`<div class="card padded">
        <dl>
          <dt>${words.user}</dt>
          <dd>${userId ?? words.stranger}</dd>
          <dt>${words.address}</dt>
          <dd class="mono">${address}</dd>
          <dt>${words.transport}</dt>
          <dd>${transport}</dd>
          <dt>${words.since}</dt>
          <dd>${since === null ? "–" : inFull(since)}</dd>
        </dl>
      </div>
      <h2>${words.subscriptions}</h2>
      <div class="card padded">
        ${channels.length
          ? html`<ul class="names">
              ${channels.map(
                (name) =>
                  html`<li><a href=${state.address(this.app, "channels", name)}>${name}</a></li>`,
              )}
            </ul>`
          : html`<p class="quiet">${words.noSubscriptions}</p>`}
      </div>`;
  }
}

/** @param {number | null} since */
const moment = (since) =>
  since === null ? "–" : html`<span title=${inFull(since)}>${timeOf(since)}</span>`;

customElements.define("kabar-console-connections", Connections);
