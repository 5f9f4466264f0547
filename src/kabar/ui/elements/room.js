// One open room: who it is with, what is said, and where one writes.

import { Problem } from "../common/api.js";
import { quoteOf } from "../common/quotes.js";
import { Follows } from "../common/store.js";
import { words } from "../common/words.js";
import { mayEdit } from "../store/permissions.js";
import { rooms } from "../store/rooms.js";
import { session } from "../store/session.js";
import { typists } from "../store/typing.js";
import { avatarStyles } from "../styles/avatar.js";
import { controls } from "../styles/controls.js";
import { roomStyles } from "../styles/room.js";
import { tokens } from "../styles/tokens.js";
import { html, LitElement, nothing } from "../vendor/lit.js";
import { Acts } from "./acts.js";
import { closedRoom } from "./closed-room.js";
import "./composer.js";
import { Dropping } from "./dropping.js";
import { KeepsFocus } from "./focus.js";
import { mayWrite, panelOf, silence } from "./group/parts.js";
import { icon } from "./icon.js";
import { MessageActs } from "./message-acts.js";
import "./message-list.js";
import { pinsOf } from "./pins.js";
import { roomHeader } from "./room-header.js";
import "./scheduled.js";
import { sentence } from "./text.js";

/** @typedef {import("../common/types").Message} Message */

const READ_EVERY_MILLISECONDS = 400;
const READ_REFUSED_MILLISECONDS = 60_000;

/** Fires "leave-room" for the way back to the list. */
export class RoomView extends LitElement {
  static properties = {
    roomId: {},
    messageId: {},
    editing: { state: true },
    replying: { state: true },
    readSeq: { state: true },
  };
  static styles = [tokens, controls, avatarStyles, roomStyles];

  constructor() {
    super();
    this.roomId = "";
    this.messageId = "";
    this.acts = new Acts(this);
    this.messageActs = new MessageActs(this);
    /** @type {Message | null} */
    this.editing = null;
    /** @type {Message | null} */
    this.replying = null;
    /**
     * Where the divider stands: I had read up to here. Not known before both the room and its
     * messages are: until then nothing is shown, and so nothing read.
     * @type {number | null | undefined}
     */
    this.readSeq = undefined;
    this.knownSeq = 0;
    this.isReading = false;
    this.readTimer = 0;
    this.changed = () => this.requestUpdate();
    this.attention = () => this.#attend();
    this.dropping = new Dropping(this, (files) => this.#composer?.attach(files));
    new KeepsFocus(this);
    new Follows(this, rooms, typists);
  }

  get log() {
    return rooms.log(this.roomId);
  }

  get room() {
    return rooms.find(this.roomId);
  }

  connectedCallback() {
    super.connectedCallback();
    this.log.addEventListener("change", this.changed);
    for (const name of ["focus", "blur"]) addEventListener(name, this.attention);
    document.addEventListener("visibilitychange", this.attention);
    this.log.open();
    if (!this.room) rooms.reload(this.roomId);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.log.removeEventListener("change", this.changed);
    for (const name of ["focus", "blur"]) removeEventListener(name, this.attention);
    document.removeEventListener("visibilitychange", this.attention);
    clearTimeout(this.readTimer);
    if (rooms.attended === this.roomId) rooms.attended = null;
    this.log.close();
  }

  willUpdate() {
    const { room, log } = this;
    if (!room || !log.fresh) return;
    if (this.readSeq === undefined) {
      // Not by the count, which may be older than the messages are.
      this.readSeq = log.newestSeq > room.me.lastReadSeq ? room.me.lastReadSeq : null;
    } else if (log.newestSeq > this.knownSeq && !this.#isWatched) {
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
      ${pinsOf(this.log, this.messageActs.handle)}
      <kabar-message-list
        .problem=${this.problem}
        .roomId=${this.roomId}
        .messageId=${this.messageId}
        .isGroup=${this.room?.type === "GROUP"}
        .readSeq=${this.readSeq}
        @ask-again=${this.#ask}
        @viewed=${this.attention}
        @message-act=${this.messageActs.handle}
        @leave-list=${this.focus}
        >${this.#foot()}</kabar-message-list
      >
      <kabar-scheduled .roomId=${this.roomId} .userId=${session.user?.id ?? ""}></kabar-scheduled>
      ${this.room?.me.isBlocking ? closedRoom(this.room, this.acts) : mayWrite(this.room) ? this.#writing() : silence}
      ${panelOf(this.room)}${this.dropping.target}${this.messageActs.dialogs}`;
  }

  #writing() {
    return html`<kabar-composer
      .roomId=${this.roomId}
      .userId=${session.user?.id ?? ""}
      .editing=${this.editing?.content ?? null}
      @send=${this.#send}
      @send-later=${this.#sendLater}
      @save-edit=${this.#saveEdit}
      .replying=${this.replying}
      @cancel=${this.#stop}
      @edit-last=${this.#editLast}
    ></kabar-composer>`;
  }

  #openPanel = () => this.renderRoot.querySelector("kabar-group-panel")?.open();

  /** Not into the field where that would bring up a keyboard over what one came to read. */
  firstUpdated() {
    if (this.messageId) return; // the message takes it
    if (matchMedia("(pointer: fine)").matches) this.focus();
    else this.#list?.focus();
  }

  updated() {
    this.#attend();
  }

  focus() {
    this.#composer?.focus();
  }

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
    </div>`;
  }

  /** Why there is nothing to see yet. */
  get problem() {
    if (this.room && this.log.status === "ready") return null;
    return this.log.problem ?? (this.room ? null : rooms.problemOf(this.roomId));
  }

  #ask() {
    this.log.catchUp();
    if (!this.room) rooms.reload(this.roomId);
  }

  get #list() {
    return this.renderRoot.querySelector("kabar-message-list");
  }

  get #isLookedAt() {
    return this.isConnected && document.visibilityState === "visible" && document.hasFocus();
  }

  /** Somebody looks at the newest message. */
  get #isWatched() {
    return this.#isLookedAt && Boolean(this.#list?.showsNewest);
  }

  #attend() {
    const { room } = this;
    if (this.#isWatched) rooms.attended = this.roomId;
    else if (rooms.attended === this.roomId) rooms.attended = null;
    if (!room || !this.#isLookedAt || this.isReading) return;
    const seen = this.#list?.lastInView;
    if (seen && seen.seq > room.me.lastReadSeq) this.#read(seen);
  }

  /** What the server did not take is still in view, and read later. @param {Message} seen */
  async #read(seen) {
    this.isReading = true;
    let pause = READ_EVERY_MILLISECONDS;
    try {
      await rooms.markRead(seen);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      pause = error.mayPass ? error.pauseMilliseconds : READ_REFUSED_MILLISECONDS;
    }
    this.readTimer = window.setTimeout(() => {
      this.isReading = false;
      this.#attend();
    }, pause);
  }

  get #composer() {
    return this.renderRoot.querySelector("kabar-composer");
  }

  /** @param {CustomEvent<import("../common/types").Saying>} event */
  async #send({ detail }) {
    this.readSeq = null;
    this.log.outgoing.add(detail, this.replying && quoteOf(this.replying));
    this.replying = null;
    await this.updateComplete;
    await this.#list?.jumpToLatest();
  }

  /** @param {CustomEvent<import("../common/types").Saying>} event */
  async #sendLater({ detail: { text, attachments } }) {
    const scheduled = this.renderRoot.querySelector("kabar-scheduled");
    if (await scheduled?.ask({ content: text, attachments })) {
      this.renderRoot.querySelector("kabar-composer")?.clear();
    }
    this.focus();
  }

  #editLast() {
    const mine = this.log.messages.findLast((message) => mayEdit(message, this.log.userId));
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
    const composer = this.#composer;
    const isSaved = await this.messageActs.edit(message, () => composer?.content ?? message.content);
    if (isSaved && this.editing === message) this.editing = null;
  }

  #leave() {
    this.dispatchEvent(new Event("leave-room"));
  }
}

customElements.define("kabar-room", RoomView);
