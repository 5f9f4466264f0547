// Looking for what was said: a field over the conversations, and what is found in their place.

import { base } from "../common/api.js";
import { Follows } from "../common/store.js";
import { briefly } from "../common/times.js";
import { today } from "../common/today.js";
import { words } from "../common/words.js";
import { searchMessages } from "../store/message-search.js";
import { rooms } from "../store/rooms.js";
import { avatarStyles } from "../styles/avatar.js";
import { controls } from "../styles/controls.js";
import { foundStyles } from "../styles/found.js";
import { listStyles } from "../styles/lists.js";
import { searchStyles } from "../styles/search.js";
import { tokens } from "../styles/tokens.js";
import { html, LitElement, nothing, repeat } from "../vendor/lit.js";
import { Acts, failed } from "./acts.js";
import { avatar } from "./avatar.js";
import { excerpt } from "./excerpt.js";
import { isForInputMethod, KeepsFocus, moveFocus } from "./focus.js";
import { icon } from "./icon.js";
import { faceOf, titleOf } from "./room-title.js";
import { sentence } from "./text.js";
import { skeletons, skeletonStyles } from "./skeletons.js";

/** @typedef {import("../common/types").FoundMessage} FoundMessage */

const PAUSE_MILLISECONDS = 250;

/** Shows what is in its slot as long as nothing is looked for. Fires "choose-message" (detail: it). */
class MessageSearch extends LitElement {
  static properties = {
    /** The message that is shown. */
    current: {},
    text: { state: true },
    found: { state: true },
  };

  static styles = [
    tokens,
    controls,
    avatarStyles,
    skeletonStyles,
    listStyles,
    searchStyles,
    foundStyles,
  ];

  constructor() {
    super();
    this.current = "";
    this.text = "";
    /** @type {FoundMessage[] | null} */
    this.found = null;
    /** @type {string | null} */
    this.cursor = null;
    this.timer = 0;
    this.acts = new Acts(this);
    new KeepsFocus(this);
    new Follows(this, rooms, today);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.timer);
  }

  render() {
    return html`<search class="search">
        ${icon("search")}
        <input
          type="search"
          aria-label=${words.searchMessages}
          aria-describedby="how"
          placeholder=${words.searchMessages}
          autocomplete="off"
          spellcheck="false"
          maxlength="200"
          @input=${this.#typed}
          @keydown=${this.#keyed}
        />
        <span id="how" class="only-heard">${words.searchOperators}</span>
      </search>
      <div class="scroll">
        <div role="status" class="only-heard">${this.#summary()}</div>
        <div ?hidden=${this.text !== ""}><slot></slot></div>
        ${this.text ? this.#results() : nothing}
      </div>`;
  }

  focus() {
    this.renderRoot.querySelector("input")?.focus();
  }

  #summary() {
    if (!this.text || !this.found || this.acts.isBusy) return nothing;
    return words.messagesFound(this.found.length, this.cursor !== null);
  }

  #results() {
    const { problem } = this.acts;
    if (!this.found) {
      if (!problem) return skeletons(6);
      return problem.mayPass ? failed(problem, () => this.#search()) : blank(problem.message);
    }
    if (this.found.length === 0 && !this.cursor) return blank(words.noMessagesFound);
    return html`<ul @keydown=${this.#moved}>
        ${repeat(
          this.found,
          ({ id }) => id,
          (message) => this.#item(message),
        )}
      </ul>
      ${this.cursor
        ? html`<button class="button more" ?disabled=${this.acts.isBusy} @click=${this.#more}>
            ${words.more}
          </button>`
        : nothing}${this.acts.notice}`;
  }

  /** @param {FoundMessage} message */
  #item(message) {
    const { id, roomId, sender, createdAt } = message;
    const room = rooms.known(roomId);
    const isTheirs = room?.otherUser?.id === sender.id;
    return html`<li>
      <a
        class="item"
        href=${new URL(`chat/${roomId}?message=${encodeURIComponent(id)}`, base).href}
        aria-current=${id === this.current ? "true" : nothing}
        @click=${(/** @type {MouseEvent} */ event) => this.#choose(event, message)}
      >
        ${avatar(room ? faceOf(room) : sender)}
        <span class="line">
          <span class="title" dir="auto">${room ? titleOf(room) : sender.name}</span>
          <time class="marks quiet" datetime=${createdAt}>${briefly(createdAt)}</time>
        </span>
        <span class="under quiet" dir="auto">
          ${isTheirs ? nothing : html`<bdi>${sender.name}</bdi>: `}${excerpt(message)}
        </span>
      </a>
    </li>`;
  }

  /** @param {MouseEvent} event @param {FoundMessage} message */
  #choose(event, message) {
    // A click with a modifier opens the link elsewhere, as everywhere.
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    this.dispatchEvent(new CustomEvent("choose-message", { detail: message }));
  }

  /** @param {InputEvent} event */
  #typed(event) {
    this.text = /** @type {HTMLInputElement} */ (event.currentTarget).value.trim();
    clearTimeout(this.timer);
    if (this.text) this.timer = window.setTimeout(() => this.#search(), PAUSE_MILLISECONDS);
    else this.#forget();
  }

  /** @param {KeyboardEvent} event */
  #keyed(event) {
    if (isForInputMethod(event)) return;
    const field = /** @type {HTMLInputElement} */ (event.currentTarget);
    if (event.key === "Escape" && field.value) {
      event.preventDefault();
      field.value = this.text = "";
      this.#forget();
    } else if (event.key === "ArrowDown") {
      event.preventDefault();
      /** @type {HTMLElement | null} */ (this.renderRoot.querySelector(".item"))?.focus();
    }
  }

  /** @param {KeyboardEvent} event */
  #moved(event) {
    if (event.key === "Escape") this.focus();
    else moveFocus(event, ".item");
  }

  #forget() {
    clearTimeout(this.timer);
    this.found = null;
    this.cursor = null;
    this.acts.forget();
  }

  #search() {
    return this.#fetch(null, []);
  }

  #more() {
    return this.#fetch(this.cursor, this.found ?? []);
  }

  /** @param {string | null} cursor @param {FoundMessage[]} before */
  #fetch(cursor, before) {
    const { text } = this;
    // What was found for other words says nothing of these.
    if (!cursor) this.found = null;
    return this.acts.do(async () => {
      const page = await searchMessages(text, cursor);
      if (text !== this.text) return; // somebody typed on meanwhile
      this.found = [...before, ...page.messages];
      this.cursor = page.nextCursor;
    });
  }
}

/** @param {string} why */
const blank = (why) => html`<div class="blank">
  ${icon("search")}
  <p>${sentence(why)}</p>
  <p class="how">${words.searchOperators}</p>
</div>`;

customElements.define("kabar-message-search", MessageSearch);
