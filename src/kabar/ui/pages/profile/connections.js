// Who follows a person, whom they follow, and whom of their followers I know; searched and filtered.

import { peopleWords } from "../../common/people-words.js";
import { Follows } from "../../common/store.js";
import { words } from "../../common/words.js";
import { Acts, failed } from "../../elements/acts.js";
import { avatar } from "../../elements/avatar.js";
import { moveFocus } from "../../elements/focus.js";
import "../../elements/follow-button.js";
import { icon } from "../../elements/icon.js";
import { skeletons, skeletonStyles } from "../../elements/skeletons.js";
import { blocks } from "../../store/blocks.js";
import { people } from "../../store/people.js";
import { session } from "../../store/session.js";
import { avatarStyles } from "../../styles/avatar.js";
import { connectionStyles } from "../../styles/connections.js";
import { controls } from "../../styles/controls.js";
import { listStyles } from "../../styles/lists.js";
import { searchStyles } from "../../styles/search.js";
import { tokens } from "../../styles/tokens.js";
import { html, LitElement, nothing, repeat } from "../../vendor/lit.js";
import { router } from "../router.js";
import { isHidden, whyHidden } from "./hidden.js";

/** @typedef {import("../../common/types").User} User */
/** @typedef {"followers" | "following" | "mutuals"} Tab */

const PAUSE_MILLISECONDS = 180;
/** Of my own lists: who of them has no answer. @type {Record<Tab, {filter: string, label: string, none: string} | null>} */
const FILTERS = {
  followers: {
    filter: "not-followed-back",
    label: peopleWords.notFollowedBack,
    none: peopleWords.allFollowedBack,
  },
  following: {
    filter: "not-following-back",
    label: peopleWords.notFollowingBack,
    none: peopleWords.allFollowBack,
  },
  mutuals: null,
};
const NOBODY = {
  followers: words.noFollowers,
  following: words.noFollowing,
  mutuals: peopleWords.noneKnown,
};

class Connections extends LitElement {
  static properties = {
    user: { attribute: false },
    tab: { state: true },
    query: { state: true },
    isFiltered: { state: true },
    found: { state: true },
    cursor: { state: true },
  };
  static styles = [
    tokens,
    controls,
    avatarStyles,
    skeletonStyles,
    listStyles,
    searchStyles,
    connectionStyles,
  ];

  constructor() {
    super();
    this.acts = new Acts(this);
    /** @type {User | null} */
    this.user = null;
    /** @type {Tab} */
    this.tab = "followers";
    this.query = "";
    this.isFiltered = false;
    /** @type {User[] | null} */
    this.found = null;
    /** @type {string | null} */
    this.cursor = null;
    /** What was asked for last. */
    this.asked = "";
    this.timer = 0;
    new Follows(this, people, session, blocks);
  }

  render() {
    if (!this.user) return nothing;
    if (isHidden(this.user)) {
      return html`${this.#tabs()}<p class="quiet nobody">${whyHidden(this.user)}</p>`;
    }
    return html`${this.#tabs()}${this.#narrowing()}${this.#list()}`;
  }

  updated() {
    if (!this.user) return;
    const wanted = this.#wanted(this.user);
    if (wanted === this.asked) return;
    this.asked = wanted;
    if (!isHidden(this.user)) this.#fetch(null);
  }

  get #isMine() {
    return this.user?.id === session.user?.id;
  }

  /** What the list depends on: once I follow them, their followers are one more. @param {User} user */
  #wanted(user) {
    const count = people.state(user.id)?.followersCount ?? user.followersCount;
    const { tab, query, isFiltered } = this;
    return JSON.stringify([user.id, tab, query, isFiltered, count, isHidden(user)]);
  }

  #tabs() {
    return html`<div
      class="tabs"
      role="tablist"
      aria-label=${words.people}
      @keydown=${(/** @type {KeyboardEvent} */ event) => moveFocus(event, ".tab")}
    >
      ${this.#tab("followers", words.followersTab)}${this.#tab("following", words.followingTab)}
      ${this.#isMine ? nothing : this.#tab("mutuals", peopleWords.knownTab)}
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

  #narrowing() {
    const filter = FILTERS[this.tab];
    if (!filter) return nothing;
    return html`<div class="narrowing">
      <search class="search">
        ${icon("search")}
        <input
          type="search"
          aria-label=${peopleWords.searchList}
          placeholder=${peopleWords.searchList}
          autocomplete="off"
          spellcheck="false"
          maxlength="100"
          .value=${this.query}
          @input=${this.#typed}
        />
      </search>
      ${this.#isMine
        ? html`<button
            class="button filter"
            aria-pressed=${this.isFiltered}
            @click=${() => this.#narrow(() => (this.isFiltered = !this.isFiltered))}
          >
            ${filter.label}
          </button>`
        : nothing}
    </div>`;
  }

  #list() {
    const { problem } = this.acts;
    if (!this.found) return problem ? failed(problem, () => this.#fetch(null)) : skeletons(3);
    const more = this.cursor
      ? html`<button class="button more" @click=${() => this.#fetch(this.cursor)}>
          ${words.more}
        </button>`
      : nothing;
    if (this.found.length === 0) {
      return html`<p class="quiet nobody" role="status">${this.#nobody()}</p>
        ${more}${this.acts.notice}`;
    }
    return html`<ul @keydown=${(/** @type {KeyboardEvent} */ event) => moveFocus(event, ".item")}>
        ${repeat(this.found, ({ id }) => id, this.#person)}
      </ul>
      ${more}${this.acts.notice}`;
  }

  #nobody() {
    if (this.query) return peopleWords.noneCalledSo;
    return (this.isFiltered && FILTERS[this.tab]?.none) || NOBODY[this.tab];
  }

  #person = (/** @type {User} */ user) => html`<li>
    <a class="item person" href=${router.path("people", user.username)}>
      ${avatar(user)}
      <span class="title" dir="auto">${user.name}</span>
      <span class="under quiet">@${user.username}</span>
    </a>
    ${this.#isMine
      ? html`<kabar-follow-button quiet .userId=${user.id} .name=${user.name}></kabar-follow-button>`
      : nothing}
  </li>`;

  /** @param {Tab} tab */
  #choose(tab) {
    this.#narrow(() => Object.assign(this, { tab, query: "", isFiltered: false }));
  }

  /** What is shown is no longer what was asked for. @param {() => unknown} change */
  #narrow(change) {
    clearTimeout(this.timer);
    change();
    this.found = null;
  }

  /** @param {InputEvent} event */
  #typed(event) {
    const query = /** @type {HTMLInputElement} */ (event.currentTarget).value.trim();
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => (this.query = query), PAUSE_MILLISECONDS);
  }

  /** @param {string | null} cursor */
  #fetch(cursor) {
    const { asked, tab, user, query, isFiltered } = this;
    const filter = (isFiltered && FILTERS[tab]?.filter) || undefined;
    return this.acts.do(async () => {
      if (!user) return;
      const narrowed = { cursor, query: query || undefined, filter };
      const page = await people.connections(user.id, tab, narrowed);
      if (asked !== this.asked) return; // another list was chosen meanwhile
      this.found = [...((cursor && this.found) || []), ...page.users];
      this.cursor = page.nextCursor;
    });
  }
}

customElements.define("kabar-connections", Connections);
