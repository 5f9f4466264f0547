// Sending an event, as the app's own server would.

import { call, Problem } from "../common/api.js";
import { icon } from "../elements/icon.js";
import { controls } from "../styles/controls.js";
import { tokens } from "../styles/tokens.js";
import { css, html, LitElement, nothing } from "../vendor/lit.js";
import { panes } from "./styles/panes.js";
import { words } from "./words.js";

/** @typedef {{channels?: string, event?: string, data?: string}} Errors */

class Send extends LitElement {
  static properties = {
    app: {},
    channel: {},
    errors: { state: true },
    outcome: { state: true },
    isRefused: { state: true },
    busy: { state: true },
  };
  static styles = [
    tokens,
    controls,
    panes,
    css`
      .head {
        display: block;
      }

      form {
        display: grid;
        gap: 16px;
        max-width: 640px;
      }

      .field {
        display: grid;
        gap: 4px;
      }

      label {
        font-size: 14px;
        font-weight: 550;
      }

      label.check {
        display: flex;
        align-items: center;
        gap: 8px;
        font-weight: 400;
      }

      .check input {
        width: 18px;
        min-height: 18px;
        accent-color: var(--accent);
      }

      textarea {
        min-height: 176px;
        resize: vertical;
      }

      textarea[aria-invalid="true"] {
        border-color: var(--danger);
      }

      .do {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px 16px;
      }

      .done {
        display: flex;
        align-items: center;
        gap: 4px;
        color: var(--accent-strong);
        font-size: 14px;
        font-weight: 550;
      }
    `,
  ];

  constructor() {
    super();
    this.app = "";
    this.channel = "";
    /** @type {Errors} */
    this.errors = {};
    this.outcome = "";
    this.isRefused = false;
    this.busy = false;
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has("app")) this.outcome = "";
  }

  render() {
    return html`<div class="head">
        <h1>${words.sendTitle}</h1>
        <p class="quiet">${words.sendHint}</p>
      </div>
      <form @submit=${this.#submit} novalidate>
        ${this.#field("channels", words.channelsField, html`<input
          id="channels"
          name="channels"
          spellcheck="false"
          autocapitalize="none"
          autocomplete="off"
          aria-invalid=${this.errors.channels ? "true" : "false"}
          aria-describedby="channels-note"
          .defaultValue=${this.channel}
        />`, words.channelsHint)}
        ${this.#field("event", words.eventField, html`<input
          id="event"
          name="event"
          spellcheck="false"
          autocapitalize="none"
          autocomplete="off"
          aria-invalid=${this.errors.event ? "true" : "false"}
          aria-describedby="event-note"
        />`)}
        ${this.#field("data", words.dataField, html`<textarea
          id="data"
          name="data"
          class="mono"
          spellcheck="false"
          autocapitalize="none"
          aria-invalid=${this.errors.data ? "true" : "false"}
          aria-describedby="data-note"
          .defaultValue=${"{\n  \n}"}
        ></textarea>`)}
        <label class="check"><input type="checkbox" name="asText" />${words.asText}</label>
        <div class="do">
          <button class="button primary" ?disabled=${this.busy}>
            ${icon("send-horizontal")}${words.send}
          </button>
          <div role="status">${this.#outcome()}</div>
        </div>
      </form>`;
  }

  /** @param {keyof Errors} name @param {string} label @param {unknown} control @param {string} [hint] */
  #field(name, label, control, hint) {
    const error = this.errors[name];
    return html`<div class="field">
      <label for=${name}>${label}</label>
      ${control}
      <span id="${name}-note" class=${error ? "error" : "quiet"}>${error ?? hint ?? nothing}</span>
    </div>`;
  }

  #outcome() {
    if (!this.outcome) return nothing;
    return this.isRefused
      ? html`<span class="error">${this.outcome}</span>`
      : html`<span class="done">${icon("check")}${this.outcome}</span>`;
  }

  /** @param {SubmitEvent} event */
  async #submit(event) {
    event.preventDefault();
    if (this.busy) return;
    const values = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget));
    const read = (/** @type {string} */ name) => String(values.get(name) ?? "");
    const channels = read("channels").split(/[\s,]+/u).filter(Boolean);
    const name = read("event").trim();
    const data = read("data");
    this.outcome = "";
    this.errors = {
      ...(channels.length ? {} : { channels: words.required }),
      ...(name ? {} : { event: words.required }),
      ...(values.has("asText") ? {} : wrongJson(data)),
    };
    if (Object.keys(this.errors).length) {
      await this.updateComplete;
      /** @type {HTMLElement | null} */ (
        this.renderRoot.querySelector('[aria-invalid="true"]')
      )?.focus();
    } else {
      await this.#send({ name, channels, data });
    }
  }

  /** @param {{name: string, channels: string[], data: string}} event */
  async #send(event) {
    this.busy = true;
    try {
      const answer = await call("POST", `console/api/apps/${encodeURIComponent(this.app)}/events`, {
        body: { ...event, info: "subscription_count" },
      });
      /** @type {{subscription_count: number}[]} */
      const reached = Object.values(answer.channels);
      const subscriptions = reached.reduce((sum, each) => sum + each.subscription_count, 0);
      this.outcome = words.done(reached.length, subscriptions);
      this.isRefused = false;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.outcome = error.message;
      this.isRefused = true;
    } finally {
      this.busy = false;
    }
  }
}

/** @param {string} data @returns {Errors} */
function wrongJson(data) {
  try {
    JSON.parse(data);
    return {};
  } catch (error) {
    return { data: words.notJson(error instanceof Error ? error.message : "") };
  }
}

customElements.define("kabar-console-send", Send);
