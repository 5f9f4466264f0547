// The page of moderators: what there is to do, and what was done.

import { moderationWords as words } from "../common/moderation-words.js";
import { Follows } from "../common/store.js";
import { icon } from "../elements/icon.js";
import { session } from "../store/session.js";
import { controls } from "../styles/controls.js";
import { sheetStyles } from "../styles/sheet.js";
import { tokens } from "../styles/tokens.js";
import { html, LitElement, nothing } from "../vendor/lit.js";
import "./moderation/acts.js";
import "./moderation/reports.js";
import "./moderation/suspended.js";

class Moderation extends LitElement {
  static styles = [tokens, controls, sheetStyles];

  constructor() {
    super();
    new Follows(this, session);
  }

  render() {
    return html`<div class="sheet">
      <header><h1 tabindex="-1">${words.moderation}</h1></header>
      ${this.#parts()}
    </div>`;
  }

  focus() {
    this.renderRoot.querySelector("h1")?.focus();
  }

  #parts() {
    if (session.role === "user") {
      return html`<div class="blank">${icon("shield")}<p>${words.moderatorsOnly}</p></div>`;
    }
    return html`<kabar-reports></kabar-reports><kabar-suspended></kabar-suspended>
      ${session.role === "admin"
        ? html`<kabar-moderation-acts></kabar-moderation-acts>`
        : nothing}`;
  }
}

customElements.define("kabar-moderation", Moderation);
