// The conversations, or those that are put away: whom with, what was said last, what is unread.

import { base } from "../common/api.js";
import { composerWords } from "../common/composer-words.js";
import { Follows } from "../common/store.js";
import { roomWords } from "../common/room-words.js";
import { briefly } from "../common/times.js";
import { today } from "../common/today.js";
import { words } from "../common/words.js";
import { isMutedNow } from "../store/room-mutes.js";
import { rooms } from "../store/rooms.js";
import { typists } from "../store/typing.js";
import { avatarStyles } from "../styles/avatar.js";
import { controls } from "../styles/controls.js";
import { listStyles } from "../styles/lists.js";
import { tokens } from "../styles/tokens.js";
import { html, LitElement, nothing, repeat } from "../vendor/lit.js";
import { Acts, failed } from "./acts.js";
import { avatar } from "./avatar.js";
import { badge } from "./badge.js";
import { KeepsFocus, moveFocus } from "./focus.js";
import { icon } from "./icon.js";
import { plainOf } from "./markup.js";
import { mutedText } from "./room-menu.js";
import { faceOf, titleOf } from "./room-title.js";
import { skeletons, skeletonStyles } from "./skeletons.js";

/** @typedef {import("../common/types").Room} Room */

/** Fires "choose-room" (detail: its id), "new-chat" and "open-archive". */
export class RoomList extends LitElement {
  static properties = {
    current: {},
    /** Those that are put away. */
    archived: { type: Boolean },
  };
  static styles = [tokens, controls, avatarStyles, skeletonStyles, listStyles];

  constructor() {
    super();
    this.current = "";
    this.archived = false;
    this.acts = new Acts(this);
    new KeepsFocus(this);
    new Follows(this, rooms, today, typists);
  }

  render() {
    const { loaded, problem } = rooms;
    const list = this.archived ? rooms.lists.archived : rooms.list;
    if (!loaded && problem) return failed(problem, () => rooms.catchUp());
    if (!loaded && list.length === 0) return skeletons(7);
    return html`${this.archived ? nothing : this.#archive()}${list.length
      ? this.#items(list)
      : this.#blank()}`;
  }

  #blank() {
    if (this.archived) {
      return html`<div class="blank">${icon("archive")}<p>${roomWords.noneArchived}</p></div>`;
    }
    return html`<div class="blank">
      ${icon("message-circle")}
      <p>${words.noRooms}</p>
      <button class="button primary" @click=${this.#newChat}>${words.findSomeone}</button>
    </div>`;
  }

  /** The way to those that are put away, where there are any. */
  #archive() {
    const { length } = rooms.lists.archived;
    if (length === 0) return nothing;
    return html`<button class="archive quiet" @click=${this.#openArchive}>
      ${icon("archive")}<span>${roomWords.archived}</span>
      <span>${roomWords.countArchived(length, rooms.lists.cursors.archived !== null)}</span>
    </button>`;
  }

  /** @param {Room[]} list */
  #items(list) {
    const cursor = this.archived ? rooms.lists.cursors.archived : rooms.cursor;
    return html`<ul @keydown=${(/** @type {KeyboardEvent} */ event) => moveFocus(event, ".item")}>
        ${repeat(
          list,
          ({ id }) => id,
          (room) => this.#item(room),
        )}
      </ul>
      ${cursor
        ? html`<button class="button more" ?disabled=${this.acts.isBusy} @click=${this.#more}>
            ${words.more}
          </button>`
        : nothing}${this.acts.notice}`;
  }

  /** @param {unknown} [roomId] one of the list, else the first */
  focus(roomId) {
    const item = this.renderRoot.querySelector(`[data-id="${roomId}"]`);
    const first = this.renderRoot.querySelector(".item, .button");
    /** @type {HTMLElement | null} */ (item ?? first)?.focus();
  }

  /** @param {Room} room */
  #item(room) {
    const { unreadCount, mentionsCount, isPinned } = room.me;
    const isMuted = isMutedNow(room.me);
    return html`<li>
      <a
        class="item ${unreadCount ? "unread" : ""}"
        data-id=${room.id}
        href=${new URL(`chat/${room.id}`, base).href}
        aria-current=${room.id === this.current ? "true" : nothing}
        @click=${(/** @type {MouseEvent} */ event) => this.#choose(event, room)}
      >
        ${avatar(faceOf(room))}
        <span class="line">
          <span class="title" dir="auto">${titleOf(room)}</span>
          <span class="marks quiet">
            ${isPinned ? marked("pin", roomWords.pinned) : nothing}
            ${isMuted ? marked("volume-x", mutedText(room.me)) : nothing}
            ${room.lastMessageAt
              ? html`<time datetime=${room.lastMessageAt}>${briefly(room.lastMessageAt)}</time>`
              : nothing}
          </span>
        </span>
        <span class="line"
          >${preview(room, this.current)}${mentionsCount
            ? html`<span class="mention" role="img" aria-label=${words.mentionsYou}>@</span>`
            : nothing}${unreadCount ? count(unreadCount, isMuted) : nothing}</span
        >
      </a>
    </li>`;
  }

  /** @param {MouseEvent} event @param {Room} room */
  #choose(event, room) {
    // A click with a modifier opens the link elsewhere, as everywhere.
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    this.dispatchEvent(new CustomEvent("choose-room", { detail: room.id }));
  }

  #more() {
    return this.acts.do(() => rooms.loadMore(this.archived));
  }

  #openArchive() {
    this.dispatchEvent(new Event("open-archive"));
  }

  #newChat() {
    this.dispatchEvent(new Event("new-chat"));
  }
}

/** @param {number} unread @param {boolean} isMuted */
const count = (unread, isMuted) => html`<span class="count">
  ${badge(unread, isMuted ? "calm" : "")}
  <span class="only-heard">${words.unread(unread)}</span>
</span>`;

/** @param {Room} room @param {string} current the one that is open, where one sees it */
function preview(room, current) {
  if (typists.names(room.id).length > 0) {
    return html`<span class="under typing">${words.typing}</span>`;
  }
  const { draft } = room.me;
  if (draft && room.id !== current) {
    return html`<span class="under quiet" dir="auto"
      ><span class="draft">${composerWords.draft}</span> ${plainOf(draft.content)}</span
    >`;
  }
  return html`<span class="under quiet" dir="auto">${said(room)}</span>`;
}

/** @param {Room} room */
function said({ lastMessage, lastMessageAt, me }) {
  if (me.isEndFolded) return words.hiddenEnd;
  return plainOf(lastMessage ?? "") || (lastMessageAt ? words.deleted : nothing);
}

/** @param {Parameters<typeof icon>[0]} name @param {string} label */
const marked = (name, label) =>
  html`<span role="img" aria-label=${label} title=${label}>${icon(name)}</span>`;

customElements.define("kabar-room-list", RoomList);
