// Forwarding a message: which conversations it goes to.

import { forwardWords } from "../common/forward-words.js";
import { Follows } from "../common/store.js";
import { words } from "../common/words.js";
import { forward } from "../store/forwarding.js";
import { newClientId } from "../store/outgoing.js";
import { rooms } from "../store/rooms.js";
import { avatarStyles } from "../styles/avatar.js";
import { controls } from "../styles/controls.js";
import { dialogStyles } from "../styles/dialogs.js";
import { forwardStyles } from "../styles/forward.js";
import { searchStyles } from "../styles/search.js";
import { tokens } from "../styles/tokens.js";
import { html, LitElement, nothing, repeat } from "../vendor/lit.js";
import { Acts } from "./acts.js";
import { avatar } from "./avatar.js";
import { holdFocus, moveFocus } from "./focus.js";
import { mayWrite } from "./group/parts.js";
import { icon } from "./icon.js";
import { faceOf, titleOf } from "./room-title.js";

/** @typedef {import("../common/types").Message} Message */
/** @typedef {import("../common/types").Room} Room */

/** As the server has it. */
const MOST_ROOMS = 20;

export class Forward extends LitElement {
  static properties = {
    message: { state: true },
    query: { state: true },
    chosen: { state: true },
  };
  static styles = [tokens, controls, avatarStyles, dialogStyles, searchStyles, forwardStyles];

  constructor() {
    super();
    /** @type {Message | null} */
    this.message = null;
    this.query = "";
    /** The ids of rooms. @type {string[]} */
    this.chosen = [];
    /** Sent once more with it, it is forwarded once. */
    this.key = "";
    this.acts = new Acts(this);
    new Follows(this, rooms);
  }

  /** @param {Message} message */
  async show(message) {
    this.message = message;
    this.query = "";
    this.#choose([]);
    this.acts.forget();
    const dialog = this.#dialog;
    dialog.addEventListener("close", holdFocus(), { once: true });
    await this.updateComplete;
    dialog.showModal();
  }

  render() {
    return html`<dialog aria-labelledby="heading" closedby="any">
      <form method="dialog" @submit=${this.#send}>
        <h2 id="heading">${forwardWords.forwardTo}</h2>
        ${this.message ? this.#content() : nothing}
      </form>
    </dialog>`;
  }

  #content() {
    const found = this.#found;
    const isFull = this.chosen.length >= MOST_ROOMS;
    return html`<search class="search">
        ${icon("search")}
        <input
          type="search"
          aria-label=${forwardWords.searchRooms}
          placeholder=${forwardWords.searchRooms}
          autocomplete="off"
          .value=${this.query}
          @input=${this.#typed}
          @keydown=${this.#keyed}
        />
      </search>
      <ul @keydown=${(/** @type {KeyboardEvent} */ event) => moveFocus(event, "input")}>
        ${repeat(
          found,
          ({ id }) => id,
          (room) => this.#room(room, isFull),
        )}
        ${rooms.cursor
          ? html`<li>
              <button type="button" class="text-button" @click=${this.#more}>${words.more}</button>
            </li>`
          : nothing}
      </ul>
      ${found.length ? nothing : html`<p class="quiet">${forwardWords.noRooms}</p>`}
      ${isFull ? html`<p class="quiet" role="status">${forwardWords.most(MOST_ROOMS)}</p>` : nothing}
      ${this.acts.notice}
      <div class="choices">
        <button type="button" class="button" @click=${() => this.#dialog.close()}>
          ${words.cancel}
        </button>
        <button
          class="button primary"
          ?disabled=${this.chosen.length === 0 || this.acts.isBusy}
        >
          ${forwardWords.send(this.chosen.length)}
        </button>
      </div>`;
  }

  /** @param {Room} room @param {boolean} isFull */
  #room(room, isFull) {
    const isChosen = this.chosen.includes(room.id);
    const others = this.chosen.filter((id) => id !== room.id);
    return html`<li>
      <label>
        <input
          type="checkbox"
          .checked=${isChosen}
          ?disabled=${isFull && !isChosen}
          @change=${() => this.#choose(isChosen ? others : [...others, room.id])}
        />
        ${avatar(faceOf(room), "small")}<span dir="auto">${titleOf(room)}</span>
      </label>
    </li>`;
  }

  /** Those with the name, in which I may write; what is chosen stays in view. */
  get #found() {
    const wanted = this.query.trim().toLocaleLowerCase();
    return rooms.list.filter(
      (room) =>
        this.chosen.includes(room.id) ||
        (mayWrite(room) && !room.me.isBlocking && titleOf(room).toLocaleLowerCase().includes(wanted)),
    );
  }

  /** Another choice is another wish. @param {string[]} chosen */
  #choose(chosen) {
    this.chosen = chosen;
    this.key = newClientId();
  }

  /** @param {InputEvent} event */
  #typed(event) {
    this.query = /** @type {HTMLInputElement} */ (event.currentTarget).value;
  }

  /** Enter in the field of the search sends nothing. @param {KeyboardEvent} event */
  #keyed(event) {
    if (event.key !== "Enter" && event.key !== "ArrowDown") return;
    event.preventDefault();
    /** @type {HTMLElement | null} */ (this.renderRoot.querySelector("li input"))?.focus();
  }

  #more = () => this.acts.do(() => rooms.loadMore());

  /** It closes when the server has taken it. @param {SubmitEvent} event */
  async #send(event) {
    event.preventDefault();
    const { message, chosen, key } = this;
    if (!message || chosen.length === 0 || this.acts.isBusy) return;
    if (await this.acts.do(() => forward(message, chosen, key))) this.#dialog.close();
  }

  get #dialog() {
    return /** @type {HTMLDialogElement} */ (this.renderRoot.querySelector("dialog"));
  }
}

customElements.define("kabar-forward", Forward);
