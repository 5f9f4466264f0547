// Signing in, and creating an account.

import { words } from "../common/words.js";
import { Form } from "../elements/form.js";
import { session } from "../store/session.js";
import { controls } from "../styles/controls.js";
import { formStyles } from "../styles/forms.js";
import { signInStyles } from "../styles/sign-in.js";
import { tokens } from "../styles/tokens.js";
import { html, LitElement } from "../vendor/lit.js";
import { router } from "./router.js";

/** @typedef {import("../elements/form.js").Field} Field */

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
  };
  static styles = [tokens, controls, formStyles, signInStyles];

  constructor() {
    super();
    this.page = "sign-in";
    this.form = new Form(this);
  }

  get isNew() {
    return this.page === "register";
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.get("page")) this.form.forget();
  }

  render() {
    const { form } = this;
    const action = this.isNew ? words.createAccount : words.signIn;
    return html`<div class="sheet">
      <img class="mark" src=${new URL("../icon.svg", import.meta.url).href} alt=${words.product} />
      <h1>${this.isNew ? words.createTitle : words.signInTitle}</h1>
      <p class="quiet">
        ${session.status === "expired" ? words.sessionEnded : words.tagline}
      </p>
      <form @submit=${this.#submit} novalidate>
        ${(this.isNew ? REGISTER : SIGN_IN).map((field) => form.field(field))} ${form.notice}
        <button class="button primary" ?disabled=${form.isBusy}>${action}</button>
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

  /** @param {SubmitEvent} event */
  #submit(event) {
    return this.form.send(event, (read) => {
      if (this.isNew) return session.register(accountOf(read));
      return session.signIn({ login: read("login").trim(), password: read("password") });
    });
  }
}

/** @param {(name: string) => string} read */
const accountOf = (read) => ({
  username: read("username").trim(),
  name: read("name").trim(),
  email: read("email").trim(),
  password: read("password"),
});

customElements.define("kabar-sign-in", SignIn);
