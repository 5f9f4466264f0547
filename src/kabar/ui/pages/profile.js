// One person: who they are, following them, writing to them, muting and blocking them.

import { moderationWords } from "../common/moderation-words.js";
import { peopleWords } from "../common/people-words.js";
import { Follows } from "../common/store.js";
import { soon } from "../common/times.js";
import { words } from "../common/words.js";
import { Acts, failed } from "../elements/acts.js";
import { avatar } from "../elements/avatar.js";
import "../elements/confirm.js";
import "../elements/follow-button.js";
import { icon } from "../elements/icon.js";
import "../elements/menu.js";
import "../elements/report.js";
import { skeletons, skeletonStyles } from "../elements/skeletons.js";
import "../elements/suspend.js";
import { blocks } from "../store/blocks.js";
import { mutes } from "../store/mutes.js";
import { people } from "../store/people.js";
import { rooms } from "../store/rooms.js";
import { session } from "../store/session.js";
import { avatarStyles } from "../styles/avatar.js";
import { controls } from "../styles/controls.js";
import { profileStyles } from "../styles/profile.js";
import { tokens } from "../styles/tokens.js";
import { html, LitElement, nothing } from "../vendor/lit.js";
import "./profile/connections.js";
import { isHidden } from "./profile/hidden.js";
import "./profile/known.js";
import { router } from "./router.js";

/** @typedef {import("../common/types").User} User */

const HOUR_MILLISECONDS = 3_600_000;

class Profile extends LitElement {
  static properties = {
    username: {},
    user: { state: true },
  };
  static styles = [tokens, controls, avatarStyles, skeletonStyles, profileStyles];

  constructor() {
    super();
    this.username = "";
    this.acts = new Acts(this);
    /** @type {User | null} */
    this.user = null;
    this.moved = () => this.#load();
    new Follows(this, people, session, blocks, mutes);
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
    return html`${back}${this.#card(this.user)}
      <kabar-connections .user=${this.user}></kabar-connections>`;
  }

  /** @param {User} user */
  #counts(user) {
    const followers = people.state(user.id)?.followersCount ?? user.followersCount;
    if (followers === null || user.followingCount === null) return nothing;
    return html`<p class="quiet counts">
      ${words.followers(followers)} · ${words.followingCount(user.followingCount)}
    </p>`;
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
          ${this.#mutedNote(user)}
          ${state?.followedBy ? html`<span class="note">${words.followsYou}</span>` : nothing}
        </p>
        ${user.bio ? html`<p class="bio" dir="auto">${user.bio}</p>` : nothing}
        ${this.#counts(user)}${this.#known(user)}
        <div class="actions">${this.#actions(user)}</div>
        ${this.acts.notice}
      </div>
      <kabar-confirm
        heading=${words.blockTitle(user.name)}
        body=${words.blockBody}
        action=${words.block}
      ></kabar-confirm>
      <kabar-report></kabar-report><kabar-suspend></kabar-suspend>
    </div>`;
  }

  /** @param {User} user */
  #known(user) {
    if (user.id === session.user?.id || isHidden(user)) return nothing;
    return html`<kabar-known class="quiet" .userId=${user.id}></kabar-known>`;
  }

  /** @param {User} user */
  #mutedNote({ id }) {
    const muted = mutes.find(id);
    if (!muted) return nothing;
    const { mutedUntil } = muted;
    const text = mutedUntil ? peopleWords.mutedUntil(soon(mutedUntil)) : peopleWords.mutedNote;
    return html`<span class="note">${text}</span>`;
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
      ...this.#mutings(user),
      { label: moderationWords.report, act: () => this.#report(user) },
      { label: words.block, act: () => this.#block(user), destroys: true },
      ...(session.role === "user"
        ? []
        : [{ label: moderationWords.suspend, act: () => this.#suspend(user), destroys: true }]),
    ];
  }

  /** @param {User} user @returns {import("../elements/menu.js").Choice[]} */
  #mutings({ id }) {
    if (mutes.find(id)) {
      return [{ label: peopleWords.unmutePerson, act: () => this.acts.do(() => mutes.unmute(id)) }];
    }
    /** @param {string} label @param {number} [hours] */
    const choice = (label, hours) => ({
      label,
      act: () => this.acts.do(() => mutes.mute(id, hours && hours * HOUR_MILLISECONDS)),
    });
    return [
      choice(peopleWords.muteHour, 1),
      choice(peopleWords.muteDay, 24),
      choice(peopleWords.muteWeek, 7 * 24),
      choice(peopleWords.mutePerson),
    ];
  }

  /** @param {User} user */
  async #block(user) {
    const confirm = this.renderRoot.querySelector("kabar-confirm");
    const isSure = await /** @type {import("../elements/confirm.js").Confirm} */ (confirm).ask();
    if (isSure) await this.acts.do(() => blocks.block(user.id));
  }

  /** @param {User} user */
  #suspend(user) {
    return this.renderRoot.querySelector("kabar-suspend")?.ask(user);
  }

  /** @param {User} user */
  #report(user) {
    const heading = moderationWords.reportPerson(user.name);
    return this.renderRoot.querySelector("kabar-report")?.ask({ userId: user.id }, heading);
  }

  #load() {
    return this.acts.do(async () => {
      this.user = await people.find(this.username);
    });
  }

  /** @param {User} user */
  #write(user) {
    return this.acts.do(async () => {
      const room = await rooms.openDirect(user.id);
      router.go(router.path("chat", room.id));
    });
  }
}

customElements.define("kabar-profile", Profile);
