// One open room: who it is with, what is pinned and said there, and where one writes.

import { Follows } from "../common/store.js";
import { words } from "../common/words.js";
import { rooms } from "../store/rooms.js";
import { session } from "../store/session.js";
import { typists } from "../store/typing.js";
import { avatarStyles } from "../styles/avatar.js";
import { controls } from "../styles/controls.js";
import { pillStyles } from "../styles/pills.js";
import { roomStyles } from "../styles/room.js";
import { tokens } from "../styles/tokens.js";
import { html, nothing } from "../vendor/lit.js";
import { Conversation } from "./conversation.js";
import { panelOf } from "./group/parts.js";
import { icon } from "./icon.js";
import { mentionBeyond, mentionPill } from "./message-pills.js";
import { pinsOf } from "./pins.js";
import { roomHeader } from "./room-header.js";
import "./scheduled.js";
import { sentence } from "./text.js";

/** @typedef {import("../common/types").Message} Message */

/** Fires "leave-room" for the way back to the list, and "open-thread" (detail: a message in it, or that it hangs on). */
export class RoomView extends Conversation {
  static properties = {
    ...Conversation.properties,
    /** The next message that mentions me, beyond what I have seen; "": none. */
    mentionId: { state: true },
  };
  static styles = [tokens, controls, avatarStyles, roomStyles, pillStyles];

  constructor() {
    super();
    this.knownSeq = 0;
    this.mentionId = "";
    /** The first that I had not read when I came: at the end of a long room more is read than was seen. */
    this.leftMentionId = "";
    new Follows(this, typists);
  }

  connectedCallback() {
    super.connectedCallback();
    rooms.attend(this.roomId);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    if (rooms.attended === this.roomId) rooms.attended = null;
  }

  willUpdate() {
    const { room, log } = this;
    if (!room || !log.fresh) return;
    if (this.readSeq === undefined) {
      // Not by the count, which may be older than the messages are.
      this.readSeq = log.newestSeq > room.me.lastReadSeq ? room.me.lastReadSeq : null;
      this.leftMentionId = unreadMention(room);
    } else if (log.newestSeq > this.knownSeq && !this.isWatched) {
      // Came while nobody looked: the divider shows where to go on reading.
      if ((this.readSeq ?? 0) < room.me.lastReadSeq) this.readSeq = room.me.lastReadSeq;
    }
    this.knownSeq = log.newestSeq;
  }

  render() {
    if (this.log.status === "gone") {
      return html`${this.#header()}<kabar-join-room .roomId=${this.roomId}></kabar-join-room>`;
    }
    return html`${this.#header()}
      ${pinsOf(this.log, this.messageActs.handle)} ${this.listed(this.#foot())}
      <kabar-scheduled .roomId=${this.roomId} .userId=${session.user?.id ?? ""}></kabar-scheduled>
      ${this.writing()}
      ${panelOf(this.room)}${this.dropping.target}${this.messageActs.dialogs}`;
  }

  #openPanel = () => this.renderRoot.querySelector("kabar-group-panel")?.open();

  #header() {
    return html`<header>
      <button class="icon-button back" aria-label=${words.back} @click=${this.#leave}>
        ${icon("arrow-left")}
      </button>
      ${this.room ? roomHeader(this.room, this.acts, this.#openPanel) : nothing}
    </header>`;
  }

  /** The line for typing is always there: nothing jumps when it fills. */
  #foot() {
    const names = typists.names(this.roomId);
    return html`<div class="foot">
      ${this.acts.notice}
      <span class="typing" aria-live="polite">
        ${names.length ? sentence(words.someTyping(names)) : nothing}
      </span>
      ${this.mentionId ? mentionPill(() => this.list?.jumpTo(this.mentionId)) : nothing}
    </div>`;
  }

  attend() {
    this.mentionId = mentionBeyond(unreadMention(this.room) || this.leftMentionId, this.list);
    if (this.isWatched) rooms.attended = this.roomId;
    else if (rooms.attended === this.roomId) rooms.attended = null;
    super.attend();
  }

  /** @param {Message} message */
  isNew({ seq }) {
    const { lastReadSeq = Infinity, leftUnreadTo = 0 } = this.room?.me ?? {};
    return seq > Math.max(lastReadSeq, leftUnreadTo);
  }

  /** @param {Message} message */
  markRead(message) {
    return rooms.markRead(message);
  }

  /** @param {CustomEvent<import("../common/types").Saying>} event */
  async sendLater({ detail: { text, attachments } }) {
    const scheduled = this.renderRoot.querySelector("kabar-scheduled");
    if (await scheduled?.ask({ content: text, attachments })) this.composer?.clear();
    this.focus();
  }

  #leave() {
    this.dispatchEvent(new Event("leave-room"));
  }
}

/** @param {import("../common/types").Room | null} room */
const unreadMention = (room) => (room?.me.mentionsCount ? (room.me.firstMentionId ?? "") : "");

customElements.define("kabar-room", RoomView);
