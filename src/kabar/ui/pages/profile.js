// One person: who they are, following them, writing to them, and whom they know.

import { Follows } from "../common/store.js";
import { words } from "../common/words.js";
import { Acts, failed } from "../elements/acts.js";
import { avatar } from "../elements/avatar.js";
import "../elements/confirm.js";
import { moveFocus } from "../elements/focus.js";
import "../elements/follow-button.js";
import { icon } from "../elements/icon.js";
import "../elements/menu.js";
import { skeletons, skeletonStyles } from "../elements/skeletons.js";
import { blocks } from "../store/blocks.js";
import { people } from "../store/people.js";
import { rooms } from "../store/rooms.js";
import { session } from "../store/session.js";
import { avatarStyles } from "../styles/avatar.js";
import { controls } from "../styles/controls.js";
import { listStyles } from "../styles/lists.js";
import { profileStyles } from "../styles/profile.js";
import { tokens } from "../styles/tokens.js";
import { html, LitElement, nothing, repeat } from "../vendor/lit.js";
import { router } from "./router.js";

/** @typedef {import("../common/types").User} User */

class Profile extends LitElement {
  static properties = {
    username: {},
    user: { state: true },
    tab: { state: true },
    connections: { state: true },
    cursor: { state: true },
    isHidden: { state: true },
  };
  static styles = [tokens, controls, avatarStyles, skeletonStyles, listStyles, profileStyles];

  constructor() {
    super();
    this.username = "";
    this.acts = new Acts(this);
    /** @type {User | null} */
    this.user = null;
    /** With how many followers the lists were fetched. */
    this.countedFollowers = 0;
    /** @type {"followers" | "following"} */
    this.tab = "followers";
    /** @type {User[] | null} */
    this.connections = null;
    /** @type {string | null} */
    this.cursor = null;
    /** Whether the lists are not for me. */
    this.isHidden = false;
    this.moved = () => this.#load();
    new Follows(this, people, session, blocks);
  }

  connectedCallback() {
    super.connectedCallback();
    this.#load();
    // My own counts moved: somebody followed me, perhaps the one who is shown.
    session.addEventListener("change", this.moved);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    session.removeEventListener("change", this.moved);
  }

  render() {
    const back = html`<a class="icon-button back" href=${router.path("people")}
      aria-label=${words.back}>${icon("arrow-left")}</a>`;
    const { problem } = this.acts;
    if (!this.user && problem?.status === 404) {
      return html`${back}<div class="blank" role="alert">
          ${icon("users")}<p>${words.personGone}</p>
        </div>`;
    }
    if (!this.user && problem) return html`${back}${failed(problem, this.moved)}`;
    if (!this.user) return html`${back}${skeletons(3)}`;
    return html`${back}${this.#card(this.user)}${this.#tabs()}${this.#list()}`;
  }

  updated() {
    if (this.user && this.#followers(this.user) !== this.countedFollowers) this.#connect(null);
  }

  /** @param {User} user */
  #followers(user) {
    return people.state(user.id)?.followersCount ?? user.followersCount;
  }

  /** @param {User} user */
  #card(user) {
    const state = people.state(user.id);
    return html`<div class="card">
      ${avatar(user, "large")}
      <div class="who">
        <h1 dir="auto">${user.name}</h1>
        <p class="quiet">
          @${user.username}
          ${user.isBot ? html`<span class="note">${words.bot}</span>` : nothing}
          ${state?.followedBy ? html`<span class="note">${words.followsYou}</span>` : nothing}
        </p>
        ${user.bio ? html`<p class="bio" dir="auto">${user.bio}</p>` : nothing}
        <p class="quiet counts">
          ${words.followers(this.#followers(user))} · ${words.followingCount(user.followingCount)}
        </p>
        <div class="actions">${this.#actions(user)}</div>
        ${this.acts.notice}
      </div>
      <kabar-confirm
        heading=${words.blockTitle(user.name)}
        body=${words.blockBody}
        action=${words.block}
      ></kabar-confirm>
    </div>`;
  }

  /** @param {User} user */
  #actions(user) {
    if (user.id === session.user?.id) {
      return html`<a class="button" href=${router.path("account")}>
          ${icon("pencil")}${words.editProfile}
        </a>
        <button class="button" @click=${() => this.#write(user)}>
          ${icon("message-circle")}${words.savedMessages}
        </button>`;
    }
    if (blocks.has(user.id)) {
      return html`<span class="quiet note">${words.blockedNote}</span>
        <button
          class="button"
          ?disabled=${this.acts.isBusy}
          @click=${() => this.acts.do(() => blocks.unblock(user.id))}
        >
          ${words.unblock}
        </button>`;
    }
    return html`<kabar-follow-button .userId=${user.id} .name=${user.name}></kabar-follow-button>
      <button class="button" @click=${() => this.#write(user)}>
        ${icon("message-circle")}${words.message}
      </button>
      <kabar-menu label=${words.personActions} .choices=${this.#choices(user)}></kabar-menu>`;
  }

  /** @param {User} user @returns {import("../elements/menu.js").Choice[]} */
  #choices(user) {
    const remove = () => this.acts.do(() => people.removeFollower(user.id));
    const isFollower = people.state(user.id)?.followedBy;
    return [
      ...(isFollower ? [{ label: words.removeFollower, act: remove }] : []),
      { label: words.block, act: () => this.#block(user), destroys: true },
    ];
  }

  /** @param {User} user */
  async #block(user) {
    const confirm = this.renderRoot.querySelector("kabar-confirm");
    const isSure = await /** @type {import("../elements/confirm.js").Confirm} */ (confirm).ask();
    if (isSure) await this.acts.do(() => blocks.block(user.id));
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

  /** @param {"followers" | "following"} tab @param {string} label */
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

  #list() {
    if (this.isHidden) {
      const isBlocked = this.user && blocks.has(this.user.id);
      const text = isBlocked ? words.listsAreBlocked : words.listsArePrivate;
      return html`<p class="quiet nobody">${text}</p>`;
    }
    // The card above says what went wrong, and how to go on.
    if (!this.connections) return this.acts.problem ? nothing : skeletons(3);
    if (this.connections.length === 0) {
      const text = this.tab === "followers" ? words.noFollowers : words.noFollowing;
      return html`<p class="quiet nobody">${text}</p>`;
    }
    return html`<ul @keydown=${(/** @type {KeyboardEvent} */ event) => moveFocus(event, ".item")}>
        ${repeat(this.connections, ({ id }) => id, person)}
      </ul>
      ${this.cursor
        ? html`<button class="button more" @click=${() => this.#connect(this.cursor)}>
            ${words.more}
          </button>`
        : nothing}`;
  }

  #load() {
    return this.acts.do(async () => {
      this.user = await people.find(this.username);
      if (!this.connections) await this.#fetch(null);
    });
  }

  /** @param {"followers" | "following"} tab */
  async #choose(tab) {
    this.tab = tab;
    this.connections = null;
    await this.#connect(null);
  }

  /** @param {string | null} cursor */
  #connect(cursor) {
    return this.acts.do(() => this.#fetch(cursor));
  }

  /** @param {string | null} cursor */
  async #fetch(cursor) {
    if (!this.user) return;
    const { tab } = this;
    this.countedFollowers = this.#followers(this.user);
    // Once I follow them, they are fetched: their followers are one more.
    this.isHidden = this.#isHidden(this.user);
    if (this.isHidden) return;
    const page = await people.connections(this.user.id, tab, cursor ?? undefined);
    if (tab !== this.tab) return; // another tab was chosen meanwhile
    this.connections = [...((cursor && this.connections) || []), ...page.users];
    this.cursor = page.nextCursor;
  }

  /** @param {User} user */
  #isHidden({ id, isPrivate }) {
    if (blocks.has(id)) return true;
    return isPrivate && id !== session.user?.id && !people.state(id)?.following;
  }

  /** @param {User} user */
  #write(user) {
    return this.acts.do(async () => {
      const room = await rooms.openDirect(user.id);
      router.go(router.path("chat", room.id));
    });
  }
}

/** @param {User} user */
const person = (user) => html`<li>
  <a class="item person" href=${router.path("people", user.username)}>
    ${avatar(user)}
    <span class="title" dir="auto">${user.name}</span>
    <span class="under quiet">@${user.username}</span>
  </a>
</li>`;

customElements.define("kabar-profile", Profile);
