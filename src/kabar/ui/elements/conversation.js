// Where people talk, in a room or in a thread: what is said, where one writes, and what one has read.

import { Problem } from "../common/api.js";
import { quoteOf } from "../common/quotes.js";
import { Follows } from "../common/store.js";
import { mayEdit } from "../store/permissions.js";
import { rooms } from "../store/rooms.js";
import { session } from "../store/session.js";
import { html, LitElement } from "../vendor/lit.js";
import { Acts } from "./acts.js";
import { closedRoom } from "./closed-room.js";
import "./composer.js";
import { Dropping } from "./dropping.js";
import { KeepsFocus } from "./focus.js";
import { FollowsLog } from "./follows-log.js";
import { mayWrite, silence } from "./group/parts.js";
import { MessageActs } from "./message-acts.js";
import "./message-list.js";

/** @typedef {import("../common/types").Message} Message */

const READ_EVERY_MILLISECONDS = 400;
const READ_REFUSED_MILLISECONDS = 60_000;

export class Conversation extends LitElement {
  static properties = {
    roomId: {},
    /** The message that the thread hangs on; "": the room itself. */
    threadId: {},
    messageId: {},
    editing: { state: true },
    replying: { state: true },
    readSeq: { state: true },
  };

  constructor() {
    super();
    this.roomId = "";
    this.threadId = "";
    this.messageId = "";
    this.acts = new Acts(this);
    this.messageActs = new MessageActs(this);
    /** @type {Message | null} */
    this.editing = null;
    /** @type {Message | null} */
    this.replying = null;
    /**
     * Where the divider stands: I had read up to here; null: all. Not known before the messages
     * are: until then nothing is shown, and so nothing read.
     * @type {number | null | undefined}
     */
    this.readSeq = undefined;
    this.isReading = false;
    this.readTimer = 0;
    this.attention = () => this.attend();
    this.dropping = new Dropping(this, (files) => this.composer?.attach(files));
    new KeepsFocus(this);
    new Follows(this, rooms);
    new FollowsLog(this);
  }

  get log() {
    return rooms.log(this.roomId, this.threadId);
  }

  get room() {
    return rooms.find(this.roomId);
  }

  connectedCallback() {
    super.connectedCallback();
    for (const name of ["focus", "blur"]) addEventListener(name, this.attention);
    document.addEventListener("visibilitychange", this.attention);
    this.log.open();
    if (!this.room) rooms.reload(this.roomId);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    for (const name of ["focus", "blur"]) removeEventListener(name, this.attention);
    document.removeEventListener("visibilitychange", this.attention);
    clearTimeout(this.readTimer);
    this.log.close();
  }

  /** Not into the field where that would bring up a keyboard over what one came to read. */
  firstUpdated() {
    if (this.messageId) return; // the message takes it
    if (matchMedia("(pointer: fine)").matches) this.focus();
    else this.list?.focus();
  }

  updated() {
    this.attend();
  }

  focus() {
    this.composer?.focus();
  }

  /** @param {unknown} foot below the messages */
  listed(foot) {
    return html`<kabar-message-list
      .problem=${this.problem}
      .roomId=${this.roomId}
      .threadId=${this.threadId}
      .messageId=${this.messageId}
      .isGroup=${this.room?.type === "GROUP"}
      .readSeq=${this.readSeq}
      @ask-again=${this.#ask}
      @viewed=${this.attention}
      @message-act=${this.messageActs.handle}
      @leave-list=${this.focus}
      >${foot}</kabar-message-list
    >`;
  }

  /** Where one writes, if one may. */
  writing() {
    if (this.room?.me.isBlocking) return closedRoom(this.room, this.acts);
    if (!mayWrite(this.room)) return silence;
    return html`<kabar-composer
      .roomId=${this.roomId}
      .threadId=${this.threadId}
      .userId=${session.user?.id ?? ""}
      .editing=${this.editing?.content ?? null}
      @send=${this.#send}
      @send-later=${this.sendLater}
      @save-edit=${this.#saveEdit}
      .replying=${this.replying}
      .held=${this.#held}
      @take-up=${this.#takeUp}
      @cancel=${this.#stop}
      @edit-last=${this.#editLast}
    ></kabar-composer>`;
  }

  /** What I have half written, once the message that it answers may be known. */
  get #held() {
    if (this.threadId || !this.room || this.log.status !== "ready") return undefined;
    return this.room.me.draft ?? null;
  }

  /** What I wrote on another device may answer something. @param {CustomEvent<string>} event */
  #takeUp({ detail: id }) {
    this.replying = this.log.messages.find((each) => each.id === id) ?? null;
  }

  /** Why there is nothing to see yet. */
  get problem() {
    if (this.room && this.log.status === "ready") return null;
    return this.log.problem ?? (this.room ? null : rooms.problemOf(this.roomId));
  }

  get list() {
    return this.renderRoot.querySelector("kabar-message-list");
  }

  get composer() {
    return this.renderRoot.querySelector("kabar-composer");
  }

  get isLookedAt() {
    return this.isConnected && document.visibilityState === "visible" && document.hasFocus();
  }

  /** Somebody looks at the newest message. */
  get isWatched() {
    return this.isLookedAt && Boolean(this.list?.showsNewest);
  }

  /** Whether I had not read it. @param {Message} _message @returns {boolean} */
  isNew(_message) {
    return false;
  }

  /** @param {Message} _message @returns {Promise<void>} */
  async markRead(_message) {}

  /** @param {CustomEvent<import("../common/types").Saying>} _event what is to be said later */
  async sendLater(_event) {}

  /** What is in view is read. */
  attend() {
    if (!this.room || !this.isLookedAt || this.isReading) return;
    const seen = this.list?.lastInView;
    if (seen && this.isNew(seen)) this.#read(seen);
  }

  /** What the server did not take is still in view, and read later. @param {Message} seen */
  async #read(seen) {
    this.isReading = true;
    let pause = READ_EVERY_MILLISECONDS;
    try {
      await this.markRead(seen);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      pause = error.mayPass ? error.pauseMilliseconds : READ_REFUSED_MILLISECONDS;
    }
    this.readTimer = window.setTimeout(() => {
      this.isReading = false;
      this.attend();
    }, pause);
  }

  #ask() {
    this.log.catchUp();
    if (!this.room) rooms.reload(this.roomId);
  }

  /** @param {CustomEvent<import("../common/types").Saying>} event */
  async #send({ detail }) {
    this.readSeq = null;
    this.log.outgoing.add(detail, this.replying && quoteOf(this.replying));
    this.replying = null;
    await this.updateComplete;
    await this.list?.jumpToLatest();
  }

  #editLast() {
    const { messages, userId, threadId } = this.log;
    const mine = messages.findLast((each) => mayEdit(each, userId) && each.id !== threadId);
    if (mine) this.edit(mine);
  }

  /** @param {Message} message */
  edit(message) {
    this.replying = null;
    this.editing = message;
  }

  /** @param {Message} message */
  reply(message) {
    this.editing = null;
    this.replying = message;
  }

  #stop() {
    this.editing = null;
    this.replying = null;
  }

  /** @param {CustomEvent<string>} event */
  async #saveEdit({ detail }) {
    const message = this.editing;
    if (!message || message.content === detail) this.editing = null;
    else if (!this.acts.isBusy) await this.#edited(message);
  }

  /** Until the server has taken it, what was written stays in the composer. @param {Message} message */
  async #edited(message) {
    const { composer } = this;
    const isSaved = await this.messageActs.edit(message, () => composer?.content ?? message.content);
    if (isSaved && this.editing === message) this.editing = null;
  }
}
