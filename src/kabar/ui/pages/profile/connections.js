// Who follows a person, and whom they follow.

import { peopleWords } from "../../common/people-words.js";
import { Follows } from "../../common/store.js";
import { words } from "../../common/words.js";
import { Acts, failed } from "../../elements/acts.js";
import { avatar } from "../../elements/avatar.js";
import { moveFocus } from "../../elements/focus.js";
import { skeletons, skeletonStyles } from "../../elements/skeletons.js";
import { blocks } from "../../store/blocks.js";
import { people } from "../../store/people.js";
import { session } from "../../store/session.js";
import { avatarStyles } from "../../styles/avatar.js";
import { connectionStyles } from "../../styles/connections.js";
import { controls } from "../../styles/controls.js";
import { listStyles } from "../../styles/lists.js";
import { tokens } from "../../styles/tokens.js";
import { html, LitElement, nothing, repeat } from "../../vendor/lit.js";
import { router } from "../router.js";

/** @typedef {import("../../common/types").User} User */
/** @typedef {"followers" | "following"} Tab */

class Connections extends LitElement {
  static properties = {
    user: { attribute: false },
    tab: { state: true },
    found: { state: true },
    cursor: { state: true },
  };
  static styles = [tokens, controls, avatarStyles, skeletonStyles, listStyles, connectionStyles];

  constructor() {
    super();
    this.acts = new Acts(this);
    /** @type {User | null} */
    this.user = null;
    /** @type {Tab} */
    this.tab = "followers";
    /** @type {User[] | null} */
    this.found = null;
    /** @type {string | null} */
    this.cursor = null;
    /** What was asked for last. */
    this.asked = "";
    new Follows(this, people, session, blocks);
  }

  render() {
    if (!this.user) return nothing;
    return html`${this.#tabs()}${this.#list(this.user)}`;
  }

  updated() {
    if (!this.user) return;
    const wanted = this.#wanted(this.user);
    if (wanted === this.asked) return;
    this.asked = wanted;
    if (this.#isHidden(this.user)) this.found = null;
    else this.#fetch(null);
  }

  /** What the list depends on: once I follow them, their followers are one more. @param {User} user */
  #wanted(user) {
    const count = people.state(user.id)?.followersCount ?? user.followersCount;
    return [user.id, this.tab, count, this.#isHidden(user)].join(" ");
  }

  #tabs() {
    return html`<div
      class="tabs"
      role="tablist"
      aria-label=${words.people}
      @keydown=${(/** @type {KeyboardEvent} */ event) => moveFocus(event, ".tab")}
    >
      ${this.#tab("followers", words.followersTab)}${this.#tab("following", words.followingTab)}
    </div>`;
  }

  /** @param {Tab} tab @param {string} label */
  #tab(tab, label) {
    return html`<button
      class="tab"
      role="tab"
      aria-selected=${this.tab === tab}
      tabindex=${this.tab === tab ? 0 : -1}
      @click=${() => this.#choose(tab)}
    >
      ${label}
    </button>`;
  }

  /** @param {User} user */
  #list(user) {
    if (this.#isHidden(user)) {
      return html`<p class="quiet nobody">${whyHidden(user)}</p>`;
    }
    const { problem } = this.acts;
    if (!this.found) return problem ? failed(problem, () => this.#fetch(null)) : skeletons(3);
    if (this.found.length === 0) {
      const text = this.tab === "followers" ? words.noFollowers : words.noFollowing;
      return html`<p class="quiet nobody">${text}</p>`;
    }
    return html`<ul @keydown=${(/** @type {KeyboardEvent} */ event) => moveFocus(event, ".item")}>
        ${repeat(this.found, ({ id }) => id, person)}
      </ul>
      ${this.cursor
        ? html`<button class="button more" @click=${() => this.#fetch(this.cursor)}>
            ${words.more}
          </button>`
        : nothing}${this.acts.notice}`;
  }

  /** @param {Tab} tab */
  #choose(tab) {
    this.tab = tab;
    this.found = null;
  }

  /** @param {string | null} cursor */
  #fetch(cursor) {
    const { asked, tab, user } = this;
    return this.acts.do(async () => {
      if (!user) return;
      const page = await people.connections(user.id, tab, cursor ?? undefined);
      if (asked !== this.asked) return; // another list was chosen meanwhile
      this.found = [...((cursor && this.found) || []), ...page.users];
      this.cursor = page.nextCursor;
    });
  }

  /** @param {User} user */
  #isHidden({ id, isPrivate, hideFollows }) {
    if (id === session.user?.id) return false;
    return blocks.has(id) || hideFollows || (isPrivate && !people.state(id)?.following);
  }
}

/** @param {User} user */
function whyHidden({ id, hideFollows }) {
  if (blocks.has(id)) return words.listsAreBlocked;
  return hideFollows ? peopleWords.listsAreHidden : words.listsArePrivate;
}

/** @param {User} user */
const person = (user) => html`<li>
  <a class="item person" href=${router.path("people", user.username)}>
    ${avatar(user)}
    <span class="title" dir="auto">${user.name}</span>
    <span class="under quiet">@${user.username}</span>
  </a>
</li>`;

customElements.define("kabar-connections", Connections);
