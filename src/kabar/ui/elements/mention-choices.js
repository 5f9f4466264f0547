// Whom one may mean by an `@`: who is in the room, shown above the place to write while one writes a name.

import { composerWords as words } from "../common/composer-words.js";
import { isCalled, nameAt, withName } from "../common/mentioning.js";
import { mentionable } from "../store/mentionable.js";
import { html, nothing } from "../vendor/lit.js";
import { avatar } from "./avatar.js";
import { isForInputMethod } from "./focus.js";

/** @typedef {{id: string, username: string, name: string, avatar: string | null}} Choice */

const PAUSE_MILLISECONDS = 120;
const STEPS = { ArrowDown: 1, ArrowUp: -1 };

/**
 * The focus stays in the field. This is a combobox but for its role, which a field of many lines may
 * not have: the field names the list and what is chosen in it, and how many there are is announced.
 */
export class MentionChoices {
  /** @type {Choice[]} */
  choices = [];
  #at = 0;
  /** @type {ReturnType<typeof nameAt>} */
  #begun = null;
  /** Where an `@` stands that was closed with Escape. */
  #closedAt = -1;
  #timer = 0;

  /** @param {import("./composer.js").Composer} composer */
  constructor(composer) {
    this.composer = composer;
    composer.addController(this);
  }

  hostDisconnected() {
    this.close();
  }

  hostUpdated() {
    const active = this.composer.renderRoot.querySelector("[role=option][aria-selected=true]");
    active?.scrollIntoView({ block: "nearest" });
  }

  get isOpen() {
    return this.choices.length > 0;
  }

  /** The one that Enter takes. */
  get activeId() {
    return this.isOpen ? `choice-${this.#at}` : nothing;
  }

  /** The text or the place in it is another. */
  look = () => {
    const { value, selectionStart, selectionEnd } = this.composer.field;
    const begun = selectionStart === selectionEnd ? nameAt(value, selectionStart) : null;
    if (begun?.from !== this.#closedAt) this.#closedAt = -1;
    if (!begun || begun.from === this.#closedAt) return this.close();
    if (begun.query === this.#begun?.query && begun.from === this.#begun.from) return;
    this.#begun = begun;
    // Until it is answered, Enter takes nobody who is not called so.
    if (this.isOpen) this.#show(this.choices.filter((choice) => isCalled(choice, begun.query)));
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#find(begun), PAUSE_MILLISECONDS);
  };

  close = () => {
    clearTimeout(this.#timer);
    this.#begun = null;
    if (this.isOpen) this.#show([]);
  };

  /** Answers whether the key was for the list. @param {KeyboardEvent} event */
  keyed(event) {
    if (!this.isOpen || isForInputMethod(event)) return false;
    if (event.shiftKey || event.ctrlKey || event.altKey || event.metaKey) return false;
    const step = STEPS[/** @type {keyof typeof STEPS} */ (event.key)];
    if (step) {
      this.#at = (this.#at + step + this.choices.length) % this.choices.length;
      this.composer.requestUpdate();
    } else if (event.key === "Enter" || event.key === "Tab") {
      this.#choose(this.choices[this.#at]);
    } else if (event.key === "Escape") {
      this.#closedAt = this.#begun?.from ?? -1;
      this.close();
    } else {
      return false;
    }
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  get list() {
    return html`<ul
        id="choices"
        class="choices"
        role="listbox"
        aria-label=${words.mentionSomeone}
        ?hidden=${!this.isOpen}
        @mousedown=${keepFocus}
      >
        ${this.choices.map((choice, at) => this.#option(choice, at))}
      </ul>
      <span class="only-heard" role="status">
        ${this.isOpen ? words.suggestions(this.choices.length) : nothing}
      </span>`;
  }

  /** @param {Choice} choice @param {number} at */
  #option(choice, at) {
    return html`<li
      id="choice-${at}"
      role="option"
      aria-selected=${at === this.#at}
      @click=${() => this.#choose(choice)}
    >
      ${avatar(choice, "small")}
      <span class="name" dir="auto">${choice.name}</span>
      <span class="quiet">@${choice.username}</span>
    </li>`;
  }

  /** @param {Choice} choice */
  #choose({ username }) {
    const begun = this.#begun;
    this.close();
    if (!begun) return;
    const { text, caret } = withName(this.composer.field.value, begun, username);
    this.composer.rewrite(text, caret);
  }

  /** @param {NonNullable<ReturnType<typeof nameAt>>} begun */
  async #find(begun) {
    const { roomId } = this.composer;
    const { people, all } = await mentionable(roomId, begun.query);
    if (begun !== this.#begun) return; // somebody wrote on meanwhile
    const everybody = { id: roomId, username: "room", name: words.everybodyHere, avatar: null };
    this.#show(all ? [...people, everybody] : people);
  }

  /** @param {Choice[]} choices */
  #show(choices) {
    this.choices = choices;
    this.#at = 0;
    this.composer.requestUpdate();
  }
}

/** @param {Event} event */
const keepFocus = (event) => event.preventDefault();
