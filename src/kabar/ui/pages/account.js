// My own account: what others see of it, what I sign in with, and signing out.

import { Follows } from "../common/store.js";
import { words } from "../common/words.js";
import { Acts, failed } from "../elements/acts.js";
import { icon } from "../elements/icon.js";
import { skeletons, skeletonStyles } from "../elements/skeletons.js";
import { session } from "../store/session.js";
import { accountStyles } from "../styles/account.js";
import { controls } from "../styles/controls.js";
import { sheetStyles } from "../styles/sheet.js";
import { tokens } from "../styles/tokens.js";
import { html, LitElement } from "../vendor/lit.js";
import "./account/data.js";
import "./account/email.js";
import "./account/leaving.js";
import "./account/password.js";
import "./account/people.js";
import "./account/profile.js";
import "./account/tokens.js";
import { router } from "./router.js";

class Account extends LitElement {
  static styles = [
    tokens,
    controls,
    skeletonStyles,
    accountStyles,
    sheetStyles,
  ];

  constructor() {
    super();
    this.loading = new Acts(this);
    this.leaving = new Acts(this);
    new Follows(this, session);
  }

  connectedCallback() {
    super.connectedCallback();
    this.#load();
  }

  render() {
    return html`<div class="sheet">
      <header>
        <h1 tabindex="-1">${words.account}</h1>
        ${session.user
          ? html`<a class="button" href=${router.path("people", session.user.username)}>
              ${words.seeProfile}
            </a>`
          : null}
      </header>
      ${this.#parts()}
    </div>`;
  }

  focus() {
    this.renderRoot.querySelector("h1")?.focus();
  }

  #parts() {
    const { profile } = session;
    if (!profile) {
      const { problem } = this.loading;
      return problem ? failed(problem, () => this.#load()) : skeletons(5);
    }
    return html`<kabar-account-profile .profile=${profile}></kabar-account-profile>
      <kabar-account-email .profile=${profile}></kabar-account-email>
      <kabar-account-password
        .profile=${profile}
        @password-changed=${() => this.renderRoot.querySelector("kabar-account-tokens")?.load()}
      ></kabar-account-password>
      <kabar-account-tokens></kabar-account-tokens>
      <kabar-account-muted></kabar-account-muted>
      <kabar-account-blocked></kabar-account-blocked>
      <kabar-account-data></kabar-account-data>
      <section>
        ${this.leaving.notice}
        <button class="button" ?disabled=${this.leaving.isBusy} @click=${this.#signOut}>
          ${icon("log-out")}${words.signOut}
        </button>
      </section>
      <kabar-account-leaving .profile=${profile}></kabar-account-leaving>`;
  }

  #load() {
    return this.loading.do(() => session.loadProfile());
  }

  #signOut() {
    return this.leaving.do(() => session.signOut());
  }
}

customElements.define("kabar-account", Account);
