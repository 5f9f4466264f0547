// One open thread: the message that it hangs on, what was said under it, and where one replies.

import { threadWords as words } from "../common/thread-words.js";
import { blocks } from "../store/blocks.js";
import { rooms } from "../store/rooms.js";
import { avatarStyles } from "../styles/avatar.js";
import { controls } from "../styles/controls.js";
import { roomStyles } from "../styles/room.js";
import { threadPaneStyles } from "../styles/threads.js";
import { tokens } from "../styles/tokens.js";
import { html } from "../vendor/lit.js";
import { Conversation } from "./conversation.js";
import { isForInputMethod } from "./focus.js";
import { icon } from "./icon.js";

/** @typedef {import("../common/types").Message} Message */

/** Fires "close-thread". */
export class ThreadView extends Conversation {
  static styles = [tokens, controls, avatarStyles, roomStyles, threadPaneStyles];

  constructor() {
    super();
    /** What I have read while it was open. */
    this.readUpTo = 0;
    this.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.defaultPrevented && !isForInputMethod(event)) this.#close();
    });
  }

  /** The message that it hangs on, if it is loaded anywhere. */
  get root() {
    const isRoot = (/** @type {Message} */ { id }) => id === this.threadId;
    return this.log.messages.find(isRoot) ?? rooms.log(this.roomId).messages.find(isRoot) ?? null;
  }

  willUpdate() {
    if (this.readSeq === undefined && this.log.fresh) this.readSeq = this.#lastRead();
  }

  render() {
    return html`<header>
        <button class="icon-button back" aria-label=${words.back} @click=${this.#close}>
          ${icon("arrow-left")}
        </button>
        <div class="who"><h1>${words.thread}</h1></div>
        <button class="icon-button close" aria-label=${words.close} title=${words.close} @click=${this.#close}>
          ${icon("x")}
        </button>
      </header>
      ${this.listed(html`<div class="foot">${this.acts.notice}</div>`)}
      ${this.writing()}
      ${this.dropping.target}${this.messageActs.dialogs}`;
  }

  /** As many as I have not read are behind it. */
  #lastRead() {
    const unread = this.root?.thread?.unreadCount ?? 0;
    if (unread === 0) return null;
    const counting = this.log.messages.filter(
      ({ id, senderId, deletedAt }) =>
        id !== this.threadId && senderId !== this.log.userId && !deletedAt && !blocks.has(senderId),
    );
    return (counting.at(-unread)?.seq ?? counting[0]?.seq ?? 1) - 1;
  }

  /** Of whom it is not known whether they have, it is asked. @param {Message} message */
  isNew({ seq }) {
    return seq > this.readUpTo && (this.root?.thread?.unreadCount ?? 1) > 0;
  }

  /** @param {Message} message */
  async markRead(message) {
    await rooms.markThreadRead(this.threadId, message);
    this.readUpTo = message.seq;
  }

  #close() {
    this.dispatchEvent(new Event("close-thread"));
  }
}

customElements.define("kabar-thread", ThreadView);
