// A form: its fields, each with what is wrong with it, and what became of sending it.

import { words } from "../common/words.js";
import { html, nothing } from "../vendor/lit.js";
import { Acts } from "./acts.js";

/**
 * @typedef {{
 *   name: string,
 *   label: string,
 *   type?: "text" | "email" | "password" | "url" | "datetime-local",
 *   value?: string,
 *   autocomplete?: string,
 *   hint?: string,
 *   rows?: number,
 *   most?: number,
 *   optional?: boolean,
 *   typed?: (value: string) => void,
 * }} Field
 */

/** What is given away by none of its letters, but by a capital or a correction. */
const AS_TYPED = ["username", "login", "email", "url", "password"];

/** The form of one element, which draws its fields and then `notice`. */
export class Form extends Acts {
  /** It was sent, and nothing was typed since. */
  isDone = false;
  isRevealed = false;
  /** @type {Set<string>} */
  #drawn = new Set();

  hostUpdate() {
    this.#drawn = new Set();
  }

  /** @param {Field} field */
  field(field) {
    const { name, label, type = "text", hint } = field;
    this.#drawn.add(name);
    const error = this.#errorOf(name);
    return html`<div class="field">
      <label for=${name}>${label}</label>
      <div class="control">
        ${field.rows ? this.#area(field, error) : this.#input(field, error)}
        ${type === "password" ? this.#reveal() : nothing}
      </div>
      <span id="${name}-note" class=${error ? "error" : "quiet"}>${error || hint || nothing}</span>
    </div>`;
  }

  /** Something that is so or not. @param {{name: string, label: string, hint: string, isSo?: boolean}} choice */
  choice({ name, label, hint, isSo = false }) {
    return html`<div class="choice">
      <input
        id=${name}
        name=${name}
        type="checkbox"
        .defaultChecked=${isSo}
        aria-describedby="${name}-note"
      />
      <label for=${name}>${label}</label>
      <span id="${name}-note" class="quiet">${hint}</span>
    </div>`;
  }

  /** What concerns no single field. The button that sends it is the way out. */
  get notice() {
    return html`<p class="error" role="alert">${this.#summary}</p>`;
  }

  /** Read out when it appears. @param {string} text */
  done(text) {
    return html`<span class="done" role="status">${this.isDone ? text : nothing}</span>`;
  }

  /**
   * Sends it; the first field that is wrong gets the focus.
   * @param {SubmitEvent} event
   * @param {(read: (name: string) => string, values: FormData) => Promise<unknown>} work
   */
  async send(event, work) {
    event.preventDefault();
    if (this.isBusy) return;
    this.isDone = false;
    const form = /** @type {HTMLFormElement} */ (event.currentTarget);
    const values = new FormData(form);
    const read = (/** @type {string} */ name) => String(values.get(name) ?? "");
    this.isDone = await this.do(() => work(read, values));
    if (this.isDone) this.isRevealed = false;
    this.host.requestUpdate();
    await this.host.updateComplete;
    /** @type {HTMLElement | null} */ (form.querySelector('[aria-invalid="true"]'))?.focus();
  }

  /** @param {Field} field @param {string} error */
  #input({ name, type = "text", value, autocomplete, most, optional, typed }, error) {
    const isAsTyped = AS_TYPED.includes(name) || AS_TYPED.includes(type);
    return html`<input
      id=${name}
      name=${name}
      type=${type === "password" && this.isRevealed ? "text" : type}
      .defaultValue=${value ?? ""}
      autocomplete=${autocomplete ?? "off"}
      autocapitalize=${isAsTyped ? "none" : "words"}
      spellcheck="false"
      maxlength=${most ?? nothing}
      ?required=${!optional}
      aria-invalid=${error ? "true" : "false"}
      aria-describedby="${name}-note"
      @input=${(/** @type {InputEvent} */ event) => this.#typed(event, typed)}
    />`;
  }

  /** @param {Field} field @param {string} error */
  #area({ name, value, rows, most, optional }, error) {
    return html`<textarea
      id=${name}
      name=${name}
      rows=${rows}
      .defaultValue=${value ?? ""}
      maxlength=${most ?? nothing}
      dir="auto"
      ?required=${!optional}
      aria-invalid=${error ? "true" : "false"}
      aria-describedby="${name}-note"
      @input=${(/** @type {InputEvent} */ event) => this.#typed(event)}
    ></textarea>`;
  }

  #reveal() {
    const reveal = () => {
      this.isRevealed = !this.isRevealed;
      this.host.requestUpdate();
    };
    return html`<button
      type="button"
      class="text-button"
      aria-pressed=${this.isRevealed}
      @click=${reveal}
    >
      ${this.isRevealed ? words.hide : words.show}
    </button>`;
  }

  /** @param {InputEvent} event @param {(value: string) => void} [tell] */
  #typed(event, tell) {
    tell?.(/** @type {HTMLInputElement} */ (event.currentTarget).value);
    if (this.isDone) {
      this.isDone = false;
      this.host.requestUpdate();
    }
  }

  get #summary() {
    const { problem } = this;
    if (!problem || problem.errors.some(({ field }) => this.#drawn.has(field))) return nothing;
    const { message, retryAfter } = problem;
    return retryAfter > 60 ? `${message} ${words.inMinutes(Math.ceil(retryAfter / 60))}` : message;
  }

  /** @param {string} name */
  #errorOf(name) {
    return this.problem?.errors.find(({ field }) => field === name)?.message ?? "";
  }
}
