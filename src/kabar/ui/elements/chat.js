// The whole chat: the conversations beside the one that is open; on a phone one after the other.

import { groupWords } from "../common/group-words.js";
import { roomWords } from "../common/room-words.js";
import { Follows } from "../common/store.js";
import { threadWords } from "../common/thread-words.js";
import { words } from "../common/words.js";
import { arrivals } from "../store/arrivals.js";
import { rooms } from "../store/rooms.js";
import { session } from "../store/session.js";
import { controls } from "../styles/controls.js";
import { paneStyles } from "../styles/panes.js";
import { tokens } from "../styles/tokens.js";
import { html, keyed, LitElement, nothing } from "../vendor/lit.js";
import { Acts } from "./acts.js";
import { isForInputMethod, KeepsFocus } from "./focus.js";
import { icon } from "./icon.js";
import "./message-search.js";
import "./group/new-group.js";
import "./people-search.js";
import "./room-list.js";
import "./room.js";
import { signedOut } from "./signed-out.js";
import "./status.js";
import "./thread.js";

/** @typedef {import("../common/types").Message} Message */

/** `<kabar-chat room-id="…" thread-id="…" message-id="…">`; fires "room-changed" (detail: the room's id, or "" for none). */
class Chat extends LitElement {
  static properties = {
    roomId: { attribute: "room-id" },
    /** The message that the open thread hangs on; "": none is open. */
    threadId: { attribute: "thread-id" },
    messageId: { attribute: "message-id" },
    finding: { state: true },
    making: { state: true },
    /** What is put away is shown in the place of the list. */
    archive: { state: true },
  };
  static styles = [tokens, controls, paneStyles];

  constructor() {
    super();
    this.roomId = "";
    this.threadId = "";
    this.messageId = "";
    this.finding = false;
    this.making = false;
    this.archive = false;
    this.acts = new Acts(this);
    new KeepsFocus(this);
    new Follows(this, rooms, session);
    rooms.begin();
    arrivals.begin();
  }

  render() {
    if (session.status === "out") return signedOut();
    return html`<kabar-status></kabar-status>
      <div class="panes ${this.roomId ? "one" : ""} ${this.roomId && this.threadId ? "two" : ""}">
        <section class="list" aria-label=${words.conversations}>
          ${this.finding ? this.#finder() : this.#conversations()}
        </section>
        <section class="detail" aria-label=${words.messages}>${this.#room()}</section>
        ${this.#thread()}
      </div>`;
  }

  focus() {
    const find = (/** @type {string} */ name) => this.renderRoot.querySelector(name);
    const inner = find("kabar-room") ?? find("kabar-room-list") ?? find("kabar-people-search");
    /** @type {HTMLElement | null} */ (inner)?.focus();
  }

  #conversations() {
    if (this.archive) return this.#archived();
    return html`<header>
        <h1>${words.chats}</h1>
        <button class="icon-button" aria-label=${words.newChat} title=${words.newChat}
          @click=${this.#find}>
          ${icon("square-pen")}
        </button>
      </header>
      <kabar-message-search .current=${this.messageId} @choose-message=${this.#show}>
        <kabar-room-list
          .current=${this.roomId}
          @choose-room=${(/** @type {CustomEvent<string>} */ { detail }) => this.#open(detail)}
          @new-chat=${this.#find}
          @open-archive=${() => this.#showArchive(true)}
        ></kabar-room-list>
      </kabar-message-search>`;
  }

  #archived() {
    return html`<header>
        <button class="icon-button" aria-label=${words.back} title=${words.back}
          @click=${() => this.#showArchive(false)}>
          ${icon("arrow-left")}
        </button>
        <h1>${roomWords.archived}</h1>
      </header>
      <div class="scroll">
        <kabar-room-list
          archived
          .current=${this.roomId}
          @choose-room=${(/** @type {CustomEvent<string>} */ { detail }) => this.#open(detail)}
        ></kabar-room-list>
      </div>`;
  }

  #finder() {
    const close = html`<button
      class="icon-button"
      aria-label=${words.close}
      @click=${this.#stopFinding}
    >
      ${icon("x")}
    </button>`;
    if (this.making) {
      return html`<header><h1>${groupWords.newGroup}</h1>${close}</header>
        <kabar-new-group @group-made=${this.#made}></kabar-new-group>`;
    }
    return html`<header><h1>${words.newChatTitle}</h1>${close}</header>
      ${this.acts.notice}
      <div class="begin">
        <button class="button" @click=${() => (this.making = true)}>
          ${icon("users")}${groupWords.newGroup}
        </button>
      </div>
      <kabar-people-search
        @choose-person=${this.#write}
        @keydown=${(/** @type {KeyboardEvent} */ event) => {
          if (event.key === "Escape" && !isForInputMethod(event)) this.#stopFinding();
        }}
      ></kabar-people-search>`;
  }

  #room() {
    if (!rooms.userId) return nothing;
    if (this.roomId) {
      return keyed(
        this.roomId,
        html`<kabar-room
          .roomId=${this.roomId}
          .messageId=${this.threadId ? "" : this.messageId}
          @leave-room=${this.#leave}
          @open-thread=${this.#openThread}
        ></kabar-room>`,
      );
    }
    return html`<div class="blank">${icon("message-circle")}<p>${words.chooseRoom}</p></div>`;
  }

  #thread() {
    if (!rooms.userId || !this.roomId || !this.threadId) return nothing;
    return html`<section class="thread" aria-label=${threadWords.thread}>
      ${keyed(
        this.threadId,
        html`<kabar-thread
          .roomId=${this.roomId}
          .threadId=${this.threadId}
          .messageId=${this.messageId}
          @close-thread=${this.#closeThread}
        ></kabar-thread>`,
      )}
    </section>`;
  }

  /** That which hangs on a message, or which it was said in. @param {CustomEvent<Message>} event */
  #openThread({ detail: { id, roomId, threadId } }) {
    if (threadId) this.#open(roomId, id, threadId);
    else this.#open(roomId, "", id);
  }

  async #closeThread() {
    this.#open(this.roomId);
    await this.updateComplete;
    this.renderRoot.querySelector("kabar-room")?.list?.focus();
  }

  async #find() {
    this.finding = true;
    this.acts.forget();
    await this.updateComplete;
    /** @type {HTMLElement | null} */ (this.renderRoot.querySelector("kabar-people-search"))?.focus();
  }

  /** @param {CustomEvent<string>} event */
  #made({ detail }) {
    this.finding = this.making = false;
    this.#open(detail);
  }

  /** @param {boolean} isShown */
  async #showArchive(isShown) {
    this.archive = isShown;
    await this.updateComplete;
    this.renderRoot.querySelector("kabar-room-list")?.focus(this.roomId);
  }

  async #stopFinding() {
    this.finding = this.making = false;
    await this.updateComplete;
    this.renderRoot.querySelector("button")?.focus();
  }

  /** @param {CustomEvent<import("../common/types").User>} event */
  async #write({ detail }) {
    await this.acts.do(async () => {
      const room = await rooms.openDirect(detail.id);
      this.finding = false;
      this.#open(room.id);
    });
  }

  /** Back to the conversation in the list: on a phone it comes in the place of the room. */
  async #leave() {
    const left = this.roomId;
    this.#open("");
    await this.updateComplete;
    this.renderRoot.querySelector("kabar-room-list")?.focus(left);
  }

  /** Once more, too, when one has scrolled away from it. @param {CustomEvent<Message>} event */
  async #show({ detail: { roomId, id, threadId } }) {
    if (this.messageId === id) {
      this.messageId = "";
      await this.updateComplete;
    }
    this.#open(roomId, id, threadId ?? "");
  }

  /** @param {string} roomId @param {string} [messageId] @param {string} [threadId] */
  #open(roomId, messageId = "", threadId = "") {
    this.roomId = roomId;
    this.messageId = messageId;
    this.threadId = threadId;
    this.dispatchEvent(
      new CustomEvent("room-changed", { detail: roomId, bubbles: true, composed: true }),
    );
  }
}

customElements.define("kabar-chat", Chat);
