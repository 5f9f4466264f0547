// Whom I block, and no longer blocking them.

import { Follows } from "../../common/store.js";
import { words } from "../../common/words.js";
import { Acts, failed } from "../../elements/acts.js";
import { avatar } from "../../elements/avatar.js";
import { blocks } from "../../store/blocks.js";
import { accountStyles } from "../../styles/account.js";
import { avatarStyles } from "../../styles/avatar.js";
import { controls } from "../../styles/controls.js";
import { tokens } from "../../styles/tokens.js";
import { html, LitElement, repeat } from "../../vendor/lit.js";
import { router } from "../router.js";

/** @typedef {import("../../common/types").User} User */

class AccountBlocked extends LitElement {
  static styles = [tokens, controls, avatarStyles, accountStyles];

  constructor() {
    super();
    this.acts = new Acts(this);
    new Follows(this, blocks);
    blocks.begin();
  }

  render() {
    return html`<section aria-label=${words.blockedPeople}>
      <h2>${words.blockedPeople}</h2>
      ${this.acts.notice}${this.#list()}
    </section>`;
  }

  #list() {
    if (!blocks.loaded && blocks.problem) return failed(blocks.problem, () => blocks.catchUp());
    if (blocks.list.length === 0) return html`<p class="quiet">${words.nobodyBlocked}</p>`;
    return html`<ul class="people">
      ${repeat(blocks.list, ({ id }) => id, this.#person)}
    </ul>`;
  }

  #person = (/** @type {User} */ user) => html`<li>
    ${avatar(user)}
    <a href=${router.path("people", user.username)} dir="auto">${user.name}</a>
    <span class="quiet">@${user.username}</span>
    <button
      class="button"
      aria-description=${user.name}
      ?disabled=${this.acts.isBusy}
      @click=${() => this.acts.do(() => blocks.unblock(user.id))}
    >
      ${words.unblock}
    </button>
  </li>`;
}

customElements.define("kabar-account-blocked", AccountBlocked);
