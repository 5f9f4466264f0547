// Choosing an emoji: a few that everybody uses, all others by their groups, and a search by name.

import { words } from "../common/words.js";
import { controls } from "../styles/controls.js";
import { dialogStyles } from "../styles/dialogs.js";
import { emojiPickerStyles } from "../styles/emoji-picker.js";
import { tokens } from "../styles/tokens.js";
import { html, LitElement, nothing } from "../vendor/lit.js";
import { holdFocus, isForInputMethod } from "./focus.js";

/** @typedef {typeof import("../vendor/emoji.js").emojiGroups} Groups */

const QUICK = ["👍", "❤️", "😂", "🎉", "😮", "😢", "🙏"];
const MOST_FOUND = 120;

export class EmojiPicker extends LitElement {
  static properties = {
    groups: { state: true },
    query: { state: true },
  };
  static styles = [tokens, controls, dialogStyles, emojiPickerStyles];

  constructor() {
    super();
    /** Loaded when somebody first asks. @type {Groups | null} */
    this.groups = null;
    this.query = "";
  }

  /** Resolves to the emoji, or null; the focus goes back where it was. @returns {Promise<string | null>} */
  async ask() {
    const dialog = /** @type {HTMLDialogElement} */ (this.renderRoot.querySelector("dialog"));
    const putBack = holdFocus();
    this.query = "";
    dialog.returnValue = "";
    dialog.showModal();
    const closed = new Promise((resolve) => dialog.addEventListener("close", resolve, { once: true }));
    this.groups ??= (await import("../vendor/emoji.js")).emojiGroups;
    await closed;
    putBack();
    return dialog.returnValue || null;
  }

  render() {
    return html`<dialog aria-label=${words.chooseEmoji} closedby="any">
      <form method="dialog" @keydown=${this.#keyed}>
        <div class="quick" role="group" aria-label=${words.oftenUsed}>
          ${QUICK.map((emoji) => choice(emoji, emoji))}
        </div>
        <input
          type="search"
          aria-label=${words.searchEmoji}
          placeholder=${words.searchEmoji}
          autocomplete="off"
          spellcheck="false"
          maxlength="40"
          .value=${this.query}
          @input=${this.#typed}
        />
        <div class="all" tabindex="-1">${this.#content()}</div>
      </form>
    </dialog>`;
  }

  #content() {
    const query = this.query.trim().toLowerCase();
    if (!this.groups) return nothing;
    if (!query) return this.groups.map(([name, all]) => group(name, all));
    const parts = query.split(/\s+/);
    const found = this.groups
      .flatMap(([, all]) => all)
      .filter(([emoji, name, more]) => {
        const text = `${name} ${more}`;
        return emoji === query || parts.every((part) => text.includes(part));
      })
      .slice(0, MOST_FOUND);
    return found.length ? grid(found) : html`<p class="quiet" role="status">${words.noEmoji}</p>`;
  }

  /** @param {InputEvent} event */
  #typed(event) {
    this.query = /** @type {HTMLInputElement} */ (event.currentTarget).value;
  }

  /** @param {KeyboardEvent} event */
  #keyed(event) {
    if (isForInputMethod(event)) return;
    const target = /** @type {HTMLElement} */ (event.target);
    const isField = target.matches("input");
    if (event.key === "Enter" && isField) {
      // The first that was found.
      event.preventDefault();
      if (this.query) this.#choices(".all")[0]?.click();
    } else if (event.key === "ArrowDown" && isField) {
      event.preventDefault();
      this.#choices(".all")[0]?.focus();
    } else if (!isField) {
      this.#move(event, target);
    }
  }

  /** To the next one, or to the nearest of another line. @param {KeyboardEvent} event @param {HTMLElement} from */
  #move(event, from) {
    const all = this.#choices("form");
    const at = all.indexOf(from);
    const forward = event.key === "ArrowRight" || event.key === "ArrowDown";
    if (at < 0 || !/^Arrow/.test(event.key)) return;
    event.preventDefault();
    if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
      all[at + (forward ? 1 : -1)]?.focus();
      return;
    }
    const { left, top } = from.getBoundingClientRect();
    const onwards = forward ? all.slice(at + 1) : all.slice(0, at).reverse();
    const line = onwards.map((each) => ({ each, place: each.getBoundingClientRect() }));
    const next = line.find(({ place }) => Math.abs(place.top - top) > 4)?.place.top;
    const there = line.filter(({ place }) => Math.abs(place.top - (next ?? -1)) <= 4);
    there.sort((one, other) => Math.abs(one.place.left - left) - Math.abs(other.place.left - left));
    if (there[0]) there[0].each.focus();
    else if (!forward) this.renderRoot.querySelector("input")?.focus();
  }

  /** @param {string} within @returns {HTMLElement[]} */
  #choices(within) {
    return [...this.renderRoot.querySelectorAll(`${within} button`)].map(
      (button) => /** @type {HTMLElement} */ (button),
    );
  }
}

/** @param {string} name @param {Groups[0][1]} all */
const group = (name, all) => html`<section>
  <h2>${name}</h2>
  ${grid(all)}
</section>`;

/** @param {Groups[0][1]} all */
const grid = (all) => html`<div class="grid">${all.map(([emoji, name]) => choice(emoji, name))}</div>`;

/** @param {string} emoji @param {string} name */
const choice = (emoji, name) =>
  html`<button value=${emoji} aria-label=${name} title=${name}>${emoji}</button>`;

customElements.define("kabar-emoji-picker", EmojiPicker);
