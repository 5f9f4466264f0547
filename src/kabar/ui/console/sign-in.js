// The console's own way in: one password.

import { Problem } from "../common/api.js";
import { controls } from "../styles/controls.js";
import { signInStyles } from "../styles/sign-in.js";
import { tokens } from "../styles/tokens.js";
import { html, LitElement } from "../vendor/lit.js";
import { state } from "./state.js";
import { words } from "./words.js";

class SignIn extends LitElement {
  static properties = {
    ended: { type: Boolean },
    problem: { state: true },
    busy: { state: true },
  };
  static styles = [tokens, controls, signInStyles];

  constructor() {
    super();
    this.ended = false;
    this.problem = "";
    this.busy = false;
  }

  render() {
    return html`<div class="sheet">
      <img class="mark" src=${new URL("../icon.svg", import.meta.url).href} alt="Kabar" />
      <h1>${words.console}</h1>
      <p class="quiet">${this.ended ? words.ended : words.signInHint}</p>
      <form @submit=${this.#submit} novalidate>
        <div class="field">
          <label for="password">${words.password}</label>
          <input
            id="password"
            name="password"
            type="password"
            autocomplete="current-password"
            maxlength="1024"
            aria-invalid=${this.problem ? "true" : "false"}
            aria-describedby="note"
          />
        </div>
        <p id="note" class="error" role="alert">${this.problem}</p>
        <button class="button primary" ?disabled=${this.busy}>${words.signIn}</button>
      </form>
    </div>`;
  }

  firstUpdated() {
    this.#input.focus();
  }

  get #input() {
    return /** @type {HTMLInputElement} */ (this.renderRoot.querySelector("input"));
  }

  /** @param {SubmitEvent} event */
  async #submit(event) {
    event.preventDefault();
    if (this.busy) return;
    this.busy = true;
    this.problem = "";
    try {
      await state.signIn(this.#input.value);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.problem = error.message;
      this.#input.select();
    } finally {
      this.busy = false;
    }
  }
}

customElements.define("kabar-console-sign-in", SignIn);
