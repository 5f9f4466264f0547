// Signing in, and creating an account.

import { Problem } from "../common/api.js";
import { words } from "../common/words.js";
import { session } from "../store/session.js";
import { controls } from "../styles/controls.js";
import { signInStyles } from "../styles/sign-in.js";
import { tokens } from "../styles/tokens.js";
import { html, LitElement, nothing } from "../vendor/lit.js";
import { router } from "./router.js";

/** @typedef {{name: string, label: string, type?: string, autocomplete: string, hint?: string}} Field */

/** @type {Field[]} */
const SIGN_IN = [
  { name: "login", label: words.login, autocomplete: "username" },
  {
    name: "password",
    label: words.password,
    type: "password",
    autocomplete: "current-password",
  },
];

/** @type {Field[]} */
const REGISTER = [
  {
    name: "username",
    label: words.username,
    autocomplete: "username",
    hint: words.usernameHint,
  },
  { name: "name", label: words.name, autocomplete: "name" },
  { name: "email", label: words.email, type: "email", autocomplete: "email" },
  {
    name: "password",
    label: words.password,
    type: "password",
    autocomplete: "new-password",
    hint: words.passwordHint,
  },
];

class SignIn extends LitElement {
  static properties = {
    page: {},
    problem: { state: true },
    shown: { state: true },
    busy: { state: true },
  };
  static styles = [tokens, controls, signInStyles];

  constructor() {
    super();
    this.page = "sign-in";
    /** @type {Problem | null} */
    this.problem = null;
    this.shown = false;
    this.busy = false;
  }

  get isNew() {
    return this.page === "register";
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has("page")) this.problem = null;
  }

  render() {
    const action = this.isNew ? words.createAccount : words.signIn;
    return html`<div class="sheet">
      <img class="mark" src=${new URL("../icon.svg", import.meta.url).href} alt=${words.product} />
      <h1>${this.isNew ? words.createTitle : words.signInTitle}</h1>
      <p class="quiet">
        ${session.status === "expired" ? words.sessionEnded : words.tagline}
      </p>
      <form @submit=${this.#submit} novalidate>
        ${(this.isNew ? REGISTER : SIGN_IN).map((field) => this.#field(field))}
        <p class="error" role="alert">${this.#summary()}</p>
        <button class="button primary" ?disabled=${this.busy}>${action}</button>
      </form>
      <p class="other">
        ${this.isNew ? words.haveAccount : words.newHere}
        <a href=${router.path(this.isNew ? "sign-in" : "register")}>
          ${this.isNew ? words.signIn : words.createAnAccount}
        </a>
      </p>
    </div>`;
  }

  firstUpdated() {
    this.renderRoot.querySelector("input")?.focus();
  }

  /** @param {Field} field */
  #field({ name, label, type = "text", autocomplete, hint }) {
    const error = this.#errorOf(name);
    const isPassword = type === "password";
    return html`<div class="field">
      <label for=${name}>${label}</label>
      <div class="control">
        <input
          id=${name}
          name=${name}
          type=${isPassword && this.shown ? "text" : type}
          autocomplete=${autocomplete}
          autocapitalize=${name === "name" ? "words" : "none"}
          spellcheck="false"
          required
          aria-invalid=${error ? "true" : "false"}
          aria-describedby="${name}-note"
        />
        ${isPassword
          ? html`<button
              type="button"
              class="text-button"
              aria-pressed=${this.shown}
              @click=${this.#reveal}
            >
              ${this.shown ? words.hide : words.show}
            </button>`
          : nothing}
      </div>
      <span id="${name}-note" class=${error ? "error" : "quiet"}>${error || hint || nothing}</span>
    </div>`;
  }

  #summary() {
    if (!this.problem || this.problem.errors.some(({ field }) => this.#has(field))) return nothing;
    const { message, retryAfter } = this.problem;
    return retryAfter > 60 ? `${message} ${words.inMinutes(Math.ceil(retryAfter / 60))}` : message;
  }

  /** @param {string} name */
  #errorOf(name) {
    return this.problem?.errors.find(({ field }) => field === name)?.message ?? "";
  }

  /** @param {string} name */
  #has(name) {
    return (this.isNew ? REGISTER : SIGN_IN).some((field) => field.name === name);
  }

  #reveal() {
    this.shown = !this.shown;
  }

  /** @param {SubmitEvent} event */
  async #submit(event) {
    event.preventDefault();
    if (this.busy) return;
    const values = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget));
    const read = (/** @type {string} */ name) => String(values.get(name) ?? "");
    this.busy = true;
    this.problem = null;
    try {
      if (this.isNew) await session.register(this.#account(read));
      else await session.signIn({ login: read("login").trim(), password: read("password") });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.problem = error;
      await this.updateComplete;
      /** @type {HTMLElement | null} */ (
        this.renderRoot.querySelector('[aria-invalid="true"]')
      )?.focus();
    } finally {
      this.busy = false;
    }
  }

  /** @param {(name: string) => string} read */
  #account(read) {
    return {
      username: read("username").trim(),
      name: read("name").trim(),
      email: read("email").trim(),
      password: read("password"),
    };
  }
}

customElements.define("kabar-sign-in", SignIn);
