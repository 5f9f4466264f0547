// The operator's console: signing in, then one app at a time.

import { Follows } from "../common/store.js";
import "../console/channels.js";
import "../console/connections.js";
import "../console/events.js";
import "../console/overview.js";
import "../console/send.js";
import "../console/sign-in.js";
import { PANES, state } from "../console/state.js";
import { consoleStyles } from "../console/styles/console.js";
import "../console/webhooks.js";
import { words } from "../console/words.js";
import { icon } from "../elements/icon.js";
import { controls } from "../styles/controls.js";
import { tokens } from "../styles/tokens.js";
import { html, LitElement, nothing } from "../vendor/lit.js";

const ICONS = /** @type {const} */ ({
  overview: "activity",
  connections: "cable",
  channels: "hash",
  events: "zap",
  webhooks: "webhook",
  send: "send-horizontal",
});
const RETRY_MILLISECONDS = 3_000;
/** Apps come and go while the server runs. */
const APPS_MILLISECONDS = 10_000;

class Console extends LitElement {
  static styles = [tokens, controls, consoleStyles];

  constructor() {
    super();
    new Follows(this, state);
    /** @type {Element | null} */
    this.current = null;
    this.#load();
    setInterval(() => this.#refresh(), APPS_MILLISECONDS);
    // A phone is turned.
    addEventListener("resize", this.#showCurrent);
  }

  render() {
    if (state.status === "unknown") return this.#status();
    if (state.status !== "in") {
      return html`<main>
        <kabar-console-sign-in ?ended=${state.status === "ended"}></kabar-console-sign-in>
      </main>`;
    }
    const { app, pane, detail } = state.place;
    const known = state.apps.some(({ id }) => id === app);
    return html`<div class="frame">
      <a class="skip" href="#content" @click=${this.#skip}>${words.skip}</a>
      ${this.#header(app, pane)} ${this.#status()}
      <main id="main" tabindex="-1">
        ${known ? this.#pane(app, pane, detail) : html`<p class="quiet">${words.noSuchApp}</p>`}
      </main>
    </div>`;
  }

  /** On a phone the bar is wider than the screen: where one is stays in sight. */
  updated() {
    const current = this.renderRoot.querySelector("nav [aria-current]");
    if (current === this.current) return;
    this.current = current;
    this.#showCurrent();
  }

  #showCurrent = () => this.current?.scrollIntoView({ inline: "center", block: "nearest" });

  /** @param {string} app @param {string} current */
  #header(app, current) {
    return html`<header>
      <div class="mark">
        <img src=${new URL("../icon.svg", import.meta.url).href} alt="Kabar" />
        <span>${words.console}</span>
      </div>
      <nav aria-label=${words.panes}>
        ${PANES.map(
          (pane) => html`<a
            href=${state.address(app, pane)}
            aria-current=${pane === current ? "page" : nothing}
            >${icon(ICONS[pane])}${words[pane]}</a
          >`,
        )}
      </nav>
      <label class="app">
        <span>${words.app}</span>
        <select @change=${this.#chooseApp}>
          ${state.apps.map(
            (each) => html`<option value=${each.id} ?selected=${each.id === app}>
              ${words.appName(each)}
            </option>`,
          )}
        </select>
      </label>
      <button
        class="icon-button"
        aria-label=${words.signOut}
        title=${words.signOut}
        @click=${() => state.signOut()}
      >
        ${icon("log-out")}
      </button>
    </header>`;
  }

  // The region is always there: what appears in it is read out.
  #status() {
    return html`<div role="status">
      ${state.isCutOff
        ? html`<div class="status">${icon("wifi-off")}<span>${words.reconnecting}</span></div>`
        : nothing}
    </div>`;
  }

  /** @param {string} app @param {typeof PANES[number]} pane @param {string} detail */
  #pane(app, pane, detail) {
    switch (pane) {
      case "overview":
        return html`<kabar-console-overview .app=${app}></kabar-console-overview>`;
      case "connections":
        return html`<kabar-console-connections .app=${app} .socketId=${detail}>
        </kabar-console-connections>`;
      case "channels":
        return html`<kabar-console-channels .app=${app} .channel=${detail}>
        </kabar-console-channels>`;
      case "events":
        return html`<kabar-console-events .app=${app}></kabar-console-events>`;
      case "webhooks":
        return html`<kabar-console-webhooks .app=${app}></kabar-console-webhooks>`;
      case "send":
        return html`<kabar-console-send .app=${app} .channel=${detail}></kabar-console-send>`;
    }
  }

  async #load() {
    await state.load();
    if (state.status === "unknown") setTimeout(() => this.#load(), RETRY_MILLISECONDS);
  }

  #refresh() {
    if (state.status === "in" && !document.hidden) state.load();
  }

  /** @param {Event} event */
  #chooseApp(event) {
    const { value } = /** @type {HTMLSelectElement} */ (event.target);
    location.hash = state.address(value, state.place.pane);
  }

  /** @param {Event} event */
  #skip(event) {
    event.preventDefault();
    this.renderRoot.querySelector("main")?.focus();
  }
}

customElements.define("kabar-console", Console);
