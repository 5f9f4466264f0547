// Who is in a group: searched, added, removed, and given roles.

import { groupWords as words } from "../../common/group-words.js";
import { words as shared } from "../../common/words.js";
import { groups } from "../../store/groups.js";
import { session } from "../../store/session.js";
import { avatarStyles } from "../../styles/avatar.js";
import { controls } from "../../styles/controls.js";
import { groupStyles } from "../../styles/groups.js";
import { tokens } from "../../styles/tokens.js";
import { html, LitElement, nothing, repeat } from "../../vendor/lit.js";
import { Acts } from "../acts.js";
import { avatar } from "../avatar.js";
import "../confirm.js";
import { icon } from "../icon.js";
import "../people-search.js";
import { skeletonStyles } from "../skeletons.js";
import { Loaded } from "./loaded.js";

/**
 * @typedef {import("../../common/types").Participant} Participant
 * @typedef {import("../../common/types").Room} Room
 */

const PAUSE_MILLISECONDS = 180;

class GroupPeople extends LitElement {
  static properties = {
    room: { attribute: false },
    isAdding: { state: true },
    /** Whose actions are shown. */
    managed: { state: true },
    question: { state: true },
  };
  static styles = [tokens, controls, avatarStyles, skeletonStyles, groupStyles];

  constructor() {
    super();
    /** @type {Room | null} */
    this.room = null;
    this.isAdding = false;
    this.managed = "";
    this.question = { heading: "", body: "", action: "" };
    this.query = "";
    this.pages = 1;
    this.timer = 0;
    this.acts = new Acts(this);
    this.people = new Loaded(
      this,
      () => this.#load(),
      () => [
        [`private-room-${this.room?.id}`, ["user-joined", "user-left", "participant-updated"]],
      ],
    );
  }

  render() {
    const { room } = this;
    if (!room) return nothing;
    return html`<section aria-label=${words.people}>
      <div class="row">
        <h3 class="grows">${words.people} <span class="quiet">${room.participantsCount}</span></h3>
        ${room.me.role === "member"
          ? nothing
          : html`<button
              class="button"
              aria-expanded=${this.isAdding}
              @click=${() => (this.isAdding = !this.isAdding)}
            >
              ${words.addPeople}
            </button>`}
      </div>
      ${this.isAdding
        ? html`<kabar-people-search class="adding" @choose-person=${this.#add}></kabar-people-search>`
        : nothing}
      <input
        type="search"
        aria-label=${words.searchPeople}
        placeholder=${words.searchPeople}
        autocomplete="off"
        spellcheck="false"
        maxlength="100"
        @input=${this.#typed}
      />
      ${this.people.draw((page) => this.#list(page))}${this.acts.notice}
      <kabar-confirm
        .heading=${this.question.heading}
        .body=${this.question.body}
        .action=${this.question.action}
      ></kabar-confirm>
    </section>`;
  }

  /** @param {{participants: Participant[], nextCursor: string | null}} page */
  #list({ participants, nextCursor }) {
    if (participants.length === 0) return html`<p class="quiet">${words.nobodySo}</p>`;
    return html`<ul>
        ${repeat(participants, ({ user }) => user.id, this.#person)}
      </ul>
      ${nextCursor
        ? html`<button class="button" @click=${this.#more}>${shared.more}</button>`
        : nothing}`;
  }

  /** @param {Participant} participant */
  #person = (participant) => {
    const { user, role } = participant;
    const acts = this.#actsOn(participant);
    const isOpen = this.managed === user.id;
    return html`<li>
      ${avatar(user)}
      <span class="who">
        <span dir="auto">${user.name}</span>
        <span class="quiet">@${user.username}${this.#isMe(user) ? ` · ${words.you}` : ""}</span>
      </span>
      ${role === "member"
        ? nothing
        : html`<span class="role">${role === "owner" ? words.owner : words.admin}</span>`}
      ${acts.length
        ? html`<button
            class="icon-button"
            aria-label=${words.manage(user.name)}
            aria-expanded=${isOpen}
            @click=${() => (this.managed = isOpen ? "" : user.id)}
          >
            ${icon("ellipsis")}
          </button>`
        : nothing}
      ${isOpen && acts.length
        ? html`<span class="acts">
            ${acts.map(
              ([label, act]) => html`<button
                class="button"
                ?disabled=${this.acts.isBusy}
                @click=${() => this.#do(act)}
              >
                ${label}
              </button>`,
            )}
          </span>`
        : nothing}
    </li>`;
  };

  /**
   * What I may do with somebody, as the server would let me.
   * @param {Participant} participant
   * @returns {[string, () => Promise<unknown>][]}
   */
  #actsOn({ user, role }) {
    const mine = this.room?.me.role ?? "member";
    const roomId = this.room?.id ?? "";
    const become = (/** @type {import("../../common/types").Role} */ other) => () =>
      groups.giveRole(roomId, user.id, other);
    if (this.#isMe(user)) return mine === "admin" ? [[words.stepDown, become("member")]] : [];
    const isBelow = mine === "owner" || (mine === "admin" && role === "member");
    if (!isBelow) return [];
    /** @type {[string, () => Promise<unknown>][]} */
    const acts = [
      [words.remove, () => this.#ask(words.removeTitle(user.name), words.removeBody, words.remove,
        () => groups.remove(roomId, user.id))],
      [words.ban, () => this.#ask(words.banTitle(user.name), words.banBody, words.ban,
        () => groups.ban(roomId, user.id))],
    ];
    if (mine !== "owner") return acts;
    return [
      role === "admin" ? [words.makeMember, become("member")] : [words.makeAdmin, become("admin")],
      [words.makeOwner, () => this.#ask(words.ownerTitle(user.name), words.ownerBody,
        words.makeOwner, become("owner"))],
      ...acts,
    ];
  }

  /** @param {string} heading @param {string} body @param {string} action @param {() => Promise<unknown>} act */
  async #ask(heading, body, action, act) {
    this.question = { heading, body, action };
    await this.updateComplete;
    if (await this.renderRoot.querySelector("kabar-confirm")?.ask()) await act();
  }

  /** @param {() => Promise<unknown>} act */
  async #do(act) {
    if (!(await this.acts.do(act))) return;
    this.managed = "";
    this.people.again();
  }

  /** @param {CustomEvent<import("../../common/types").User>} event */
  #add({ detail }) {
    return this.#do(() => groups.add(this.room?.id ?? "", [detail.id]));
  }

  /** @param {import("../../common/types").Person} user */
  #isMe(user) {
    return user.id === session.user?.id;
  }

  /** As many pages as are shown. */
  async #load() {
    const roomId = this.room?.id ?? "";
    /** @type {Participant[]} */
    let participants = [];
    /** @type {string | null} */
    let nextCursor = null;
    for (let page = 0; page < this.pages && (page === 0 || nextCursor); page++) {
      const found = await groups.participants(roomId, this.query, nextCursor);
      participants = [...participants, ...found.participants];
      nextCursor = found.nextCursor;
    }
    return { participants, nextCursor };
  }

  #more() {
    this.pages += 1;
    this.people.again();
  }

  /** @param {InputEvent} event */
  #typed(event) {
    this.query = /** @type {HTMLInputElement} */ (event.currentTarget).value.trim();
    this.pages = 1;
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.people.again(), PAUSE_MILLISECONDS);
  }
}

customElements.define("kabar-group-people", GroupPeople);
