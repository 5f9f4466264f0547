// Whom I block, whom I mute, and undoing it.

import { peopleWords } from "../../common/people-words.js";
import { Follows } from "../../common/store.js";
import { soon } from "../../common/times.js";
import { words } from "../../common/words.js";
import { Acts, failed } from "../../elements/acts.js";
import { avatar } from "../../elements/avatar.js";
import { blocks } from "../../store/blocks.js";
import { mutes } from "../../store/mutes.js";
import { accountStyles } from "../../styles/account.js";
import { avatarStyles } from "../../styles/avatar.js";
import { controls } from "../../styles/controls.js";
import { tokens } from "../../styles/tokens.js";
import { html, LitElement, nothing, repeat } from "../../vendor/lit.js";
import { router } from "../router.js";

/** @typedef {import("../../common/types").User} User */

class AccountPeople extends LitElement {
  static styles = [tokens, controls, avatarStyles, accountStyles];

  /** @type {typeof blocks | typeof mutes} */
  store = blocks;
  heading = words.blockedPeople;
  hint = "";
  nobody = words.nobodyBlocked;
  undo = words.unblock;

  constructor() {
    super();
    this.acts = new Acts(this);
  }

  connectedCallback() {
    super.connectedCallback();
    if (!this.follows) this.follows = new Follows(this, this.store);
    this.store.begin();
  }

  render() {
    return html`<section aria-label=${this.heading}>
      <h2>${this.heading}</h2>
      ${this.hint ? html`<p class="quiet hint">${this.hint}</p>` : nothing}
      ${this.acts.notice}${this.#list()}
    </section>`;
  }

  #list() {
    const { store } = this;
    if (!store.loaded && store.problem) return failed(store.problem, () => store.catchUp());
    if (store.list.length === 0) return html`<p class="quiet">${this.nobody}</p>`;
    return html`<ul class="people">
      ${repeat(store.list, ({ id }) => id, this.#person)}
    </ul>`;
  }

  #person = (/** @type {User} */ user) => html`<li>
    ${avatar(user)}
    <a href=${router.path("people", user.username)} dir="auto">${user.name}</a>
    <span class="quiet">@${user.username}${this.more(user)}</span>
    <button
      class="button"
      aria-description=${user.name}
      ?disabled=${this.acts.isBusy}
      @click=${() => this.acts.do(() => this.take(user.id))}
    >
      ${this.undo}
    </button>
  </li>`;

  /** What else there is to say. @param {User} _user */
  more(_user) {
    return "";
  }

  /** @param {string} userId */
  take(userId) {
    return blocks.unblock(userId);
  }
}

class AccountMuted extends AccountPeople {
  /** @type {typeof blocks | typeof mutes} */
  store = mutes;
  heading = peopleWords.mutedPeople;
  hint = peopleWords.mutedPeopleHint;
  nobody = peopleWords.nobodyMuted;
  undo = peopleWords.unmutePerson;

  /** @param {User} user */
  more({ mutedUntil }) {
    return mutedUntil ? ` · ${peopleWords.mutedUntil(soon(mutedUntil))}` : "";
  }

  /** @param {string} userId */
  take(userId) {
    return mutes.unmute(userId);
  }
}

customElements.define("kabar-account-blocked", AccountPeople);
customElements.define("kabar-account-muted", AccountMuted);
