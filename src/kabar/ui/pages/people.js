// People: finding them, beside the profile of one.

import { Follows } from "../common/store.js";
import { words } from "../common/words.js";
import "../elements/follow-requests.js";
import { icon } from "../elements/icon.js";
import "../elements/people-search.js";
import "../elements/suggestions.js";
import { live } from "../live/live.js";
import { people } from "../store/people.js";
import { session } from "../store/session.js";
import { controls } from "../styles/controls.js";
import { paneStyles } from "../styles/panes.js";
import { tokens } from "../styles/tokens.js";
import { html, keyed, LitElement } from "../vendor/lit.js";
import "./profile.js";
import { router } from "./router.js";

class PeoplePage extends LitElement {
  static properties = {
    username: {},
  };
  static styles = [tokens, controls, paneStyles];

  constructor() {
    super();
    this.username = "";
    new Follows(this, people, session, live);
  }

  render() {
    return html`<div class="panes ${this.username ? "one" : ""}">
      <section class="list" aria-label=${words.people}>
        <header><h1>${words.people}</h1></header>
        <kabar-follow-requests @choose-person=${this.#choose}></kabar-follow-requests>
        <kabar-suggestions @choose-person=${this.#choose}></kabar-suggestions>
        <kabar-people-search
          followable
          .current=${this.username}
          @choose-person=${this.#choose}
        ></kabar-people-search>
      </section>
      <section class="detail">${this.#profile()}</section>
    </div>`;
  }

  focus() {
    /** @type {HTMLElement | null} */ (this.renderRoot.querySelector("kabar-people-search"))?.focus();
  }

  #choose = (/** @type {CustomEvent<import("../common/types").Person>} */ { detail }) =>
    router.go(router.path("people", detail.username));

  #profile() {
    if (!this.username) {
      return html`<div class="blank">${icon("users")}<p>${words.choosePerson}</p></div>`;
    }
    return keyed(
      this.username,
      html`<kabar-profile .username=${this.username}></kabar-profile>`,
    );
  }
}

customElements.define("kabar-people-page", PeoplePage);
