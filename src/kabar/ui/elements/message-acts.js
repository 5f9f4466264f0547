// What one can do to a message from its room: asks what has to be asked, and does it.

import { moderationWords } from "../common/moderation-words.js";
import { pollWords } from "../common/poll-words.js";
import { words } from "../common/words.js";
import { deleteForAll, deleteForMe, edit, pin, react, removePreview } from "../store/message-calls.js";
import { closePoll, vote } from "../store/polls.js";
import { runs } from "../store/permissions.js";
import { rooms } from "../store/rooms.js";
import { html } from "../vendor/lit.js";
import "./confirm.js";
import "./emoji-picker.js";
import "./former-words.js";
import "./forward.js";
import "./reactors.js";
import "./report.js";
import "./viewer.js";

/**
 * @typedef {import("../common/types").Message} Message
 * @typedef {"reply" | "edit" | "former" | "delete" | "pick" | "react" | "who" | "pin" | "jump" | "view" | "unpreview" | "vote" | "close-poll" | "forward" | "report" | "thread" | "unread"} Act
 * @typedef {{act: Act, message: Message, emoji?: string, to?: string, attachmentId?: string, optionIds?: string[]}} Wish
 */

/** The host draws `dialogs`, and shows what went wrong by its own acts. */
export class MessageActs {
  /** @type {Message | null} */
  #toDelete = null;

  /** @param {import("./conversation.js").Conversation} host */
  constructor(host) {
    this.host = host;
  }

  get dialogs() {
    return html`<kabar-confirm
        heading=${words.deleteTitle}
        body=${words.deleteBody}
        action=${this.#mayDeleteForAll ? words.deleteForAll : ""}
        other=${words.deleteForMe}
      ></kabar-confirm>
      <kabar-confirm
        class="closing"
        heading=${pollWords.closeTitle}
        body=${pollWords.closeBody}
        action=${pollWords.close}
      ></kabar-confirm>
      <kabar-former-words></kabar-former-words>
      <kabar-forward></kabar-forward>
      <kabar-emoji-picker></kabar-emoji-picker>
      <kabar-reactors></kabar-reactors>
      <kabar-viewer></kabar-viewer><kabar-report></kabar-report>`;
  }

  /** @param {CustomEvent<Wish>} event */
  handle = ({ detail: { act, message, emoji = "", to = "", attachmentId = "", optionIds = [] } }) => {
    if (act === "reply") this.host.reply(message);
    else if (act === "edit") this.host.edit(message);
    else if (act === "former") this.#find("kabar-former-words").show(message);
    else if (act === "report") this.#report(message);
    else if (act === "delete") this.#delete(message);
    else if (act === "thread") this.#openThread(message);
    else if (act === "unread") this.#markUnread(message);
    else if (act === "jump") this.#jump(message, to);
    else if (act === "pin") this.host.acts.do(() => pin(this.host.log, message));
    else if (act === "unpreview") this.host.acts.do(() => removePreview(this.host.log, message, to));
    else if (act === "pick") this.#pick(message);
    else if (act === "view") this.#find("kabar-viewer").show(this.host.log.messages, attachmentId);
    else if (act === "forward") this.#find("kabar-forward").show(message);
    else if (act === "vote") this.host.acts.do(() => vote(this.host.log, message, optionIds));
    else if (act === "close-poll") this.#closePoll(message);
    else if (act === "who") this.#find("kabar-reactors").show(message.id);
    else this.#react(message, emoji);
  };

  /** Where it was said, which may be in a thread. @param {Message} message @param {string} to */
  #jump(message, to) {
    const isElsewhere = message.id === to && (message.threadId ?? "") !== this.host.threadId;
    if (isElsewhere) this.#openThread(message);
    else this.#find("kabar-message-list").jumpTo(to);
  }

  /** And leaves the room: what is in view there is read. @param {Message} message */
  async #markUnread(message) {
    if (await this.host.acts.do(() => rooms.markUnread(message))) {
      this.host.dispatchEvent(new Event("leave-room"));
    }
  }

  /** The one that it was said in, or that hangs on it. @param {Message} message */
  #openThread(message) {
    this.host.dispatchEvent(new CustomEvent("open-thread", { detail: message }));
  }

  /** Answers whether it is done. @param {Message} message @param {() => string} content what is written by then */
  edit(message, content) {
    return this.#change(message, () => edit(this.host.log, message, content()));
  }

  /** @param {Message} message */
  async #delete(message) {
    this.#toDelete = message;
    this.host.requestUpdate();
    await this.host.updateComplete;
    const choice = await this.#find("kabar-confirm").choose();
    const act = { action: deleteForAll, other: deleteForMe };
    if (choice) await this.#change(message, () => act[choice](this.host.log, message));
  }

  /** @param {Message} message */
  async #closePoll(message) {
    const confirm = /** @type {import("./confirm.js").Confirm} */ (
      this.host.renderRoot.querySelector("kabar-confirm.closing")
    );
    if (await confirm.ask()) await this.host.acts.do(() => closePoll(this.host.log, message));
  }

  /** @param {Message} message */
  #report({ id }) {
    return this.#find("kabar-report").ask({ messageId: id }, moderationWords.reportMessage);
  }

  /** What is mine, and everything in a group that I look after. */
  get #mayDeleteForAll() {
    const { log, room } = this.host;
    const isMine = this.#toDelete?.senderId === log.userId;
    return !this.#toDelete?.deletedAt && (isMine || runs(room));
  }

  /** @param {Message} message */
  async #pick(message) {
    const emoji = await this.#find("kabar-emoji-picker").ask();
    // Chosen again, it stays: to take it back one presses it where it is.
    const isThere = message.reactions.some((each) => each.emoji === emoji && each.mine);
    if (emoji && !isThere) await this.#react(message, emoji);
  }

  /** @param {Message} message @param {string} emoji */
  #react(message, emoji) {
    return this.host.acts.do(() => react(this.host.log, message, emoji));
  }

  /** @param {Message} message @param {() => Promise<void>} work */
  #change({ seq }, work) {
    return this.host.acts.do(async () => {
      await work();
      // It may be the one that the list of rooms shows.
      if (seq === this.host.room?.lastSeq) rooms.reload(this.host.roomId);
    });
  }

  /** @template {keyof HTMLElementTagNameMap} T @param {T} tag @returns {HTMLElementTagNameMap[T]} */
  #find(tag) {
    return /** @type {HTMLElementTagNameMap[T]} */ (this.host.renderRoot.querySelector(tag));
  }
}
