// The events of an app as they pass.

import { icon } from "../elements/icon.js";
import { controls } from "../styles/controls.js";
import { tokens } from "../styles/tokens.js";
import { html, LitElement, nothing, repeat } from "../vendor/lit.js";
import { Poll } from "./poll.js";
import { state } from "./state.js";
import { eventStyles } from "./styles/events.js";
import { panes } from "./styles/panes.js";
import { inFull, pretty, timeOf } from "./texts.js";
import { words } from "./words.js";

const MOST = 500;

/** @typedef {import("./types").Seen & {missed?: number}} Row */

class Events extends LitElement {
  static properties = {
    app: {},
    filter: { state: true },
    held: { state: true },
    events: { state: true },
  };
  static styles = [tokens, controls, panes, eventStyles];

  constructor() {
    super();
    this.app = "";
    this.filter = "";
    /** @type {Row[]} newest first */
    this.events = [];
    /** @type {Row[] | null} what is shown while the list is paused */
    this.held = null;
    this.last = 0;
    /** @type {Poll<import("./types").EventPage>} */
    this.poll = new Poll(
      this,
      1,
      () => ({ path: `${encodeURIComponent(this.app)}/events`, query: { after: this.last } }),
      (page) => this.#received(page),
    );
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (!changed.has("app")) return;
    this.#clear();
    this.last = 0;
    this.poll.restart();
  }

  render() {
    const isPaused = this.held !== null;
    const events = this.held ?? this.events;
    const shown = events.filter((event) => this.#matches(event));
    return html`<div class="head">
        <h1>${words.events}</h1>
        <input
          class="search"
          type="search"
          aria-label=${words.filterEvents}
          placeholder=${words.filterEvents}
          @input=${(/** @type {InputEvent} */ event) =>
            (this.filter = /** @type {HTMLInputElement} */ (event.target).value.trim())}
        />
        <div class="choices">
          <button class="button" @click=${this.#pause}>
            ${icon(isPaused ? "play" : "pause")}${isPaused ? words.resume : words.pause}
          </button>
          <button class="button" ?disabled=${!events.length} @click=${this.#clear}>
            ${icon("x")}${words.clear}
          </button>
        </div>
      </div>
      <div class="card">
        ${shown.length
          ? html`<ul aria-label=${words.events}>
              ${repeat(shown, ({ number }) => number, (event) => this.#row(event))}
            </ul>`
          : html`<div class="blank">
              ${icon("zap")}<p>${events.length ? words.noneMatch : words.waiting}</p>
            </div>`}
      </div>`;
  }

  /** @param {Row} event */
  #row(event) {
    const { at, channels, data, isCut, origin, reached, socketId, userId, missed } = event;
    return html`<li>
      <details>
        <summary>
          <time class="quiet" title=${inFull(at)}>${timeOf(at)}</time>
          <span class="name">${event.event}</span>
          <span class="channel quiet">${channels.join(", ")}</span>
          <span class="tag ${origin === "client" ? "accent" : ""}">${words.origins[origin]}</span>
        </summary>
        <div class="inside">
          <p class="quiet">
            ${channels.map(
              (name) => html`<a href=${state.address(this.app, "channels", name)}>${name}</a> `,
            )}
            · ${words.reached} ${words.reachedBy(reached)}
            ${socketId
              ? html`· ${words.sentBy}
                  <a class="mono" href=${state.address(this.app, "connections", socketId)}
                    >${socketId}</a
                  >`
              : nothing}
            ${userId ? html`(${userId})` : nothing}
          </p>
          ${data ? html`<pre>${pretty(data)}</pre>` : html`<p class="quiet">${words.empty}</p>`}
          ${isCut ? html`<p class="quiet">${words.cut}</p>` : nothing}
        </div>
      </details>
      ${missed ? html`<p class="missed">${words.missed(missed)}</p>` : nothing}
    </li>`;
  }

  /** @param {import("./types").Seen} event */
  #matches({ event, channels }) {
    const wanted = this.filter.toLowerCase();
    return [event, ...channels].some((name) => name.toLowerCase().includes(wanted));
  }

  /** @param {import("./types").EventPage} page */
  #received({ events, last, missed }) {
    // Numbers begin anew when the server does; what was seen before keeps its place, not its number.
    if (last < this.last) this.events = [];
    this.last = last;
    if (!events.length) return;
    const [first, ...rest] = events;
    const news = [{ ...first, missed }, ...rest].reverse();
    this.events = [...news, ...this.events].slice(0, MOST);
  }

  #pause() {
    this.held = this.held ? null : this.events;
  }

  #clear() {
    this.events = [];
    this.held = this.held && [];
  }
}

customElements.define("kabar-console-events", Events);
