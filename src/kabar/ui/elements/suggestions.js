// Whom I may want to follow: followed, or put away for good, with one press.

import { peopleWords } from "../common/people-words.js";
import { Follows } from "../common/store.js";
import { words } from "../common/words.js";
import { blocks } from "../store/blocks.js";
import { mutes } from "../store/mutes.js";
import { people } from "../store/people.js";
import { avatarStyles } from "../styles/avatar.js";
import { controls } from "../styles/controls.js";
import { listStyles } from "../styles/lists.js";
import { tokens } from "../styles/tokens.js";
import { css, html, LitElement, nothing, repeat } from "../vendor/lit.js";
import { Acts } from "./acts.js";
import { avatar } from "./avatar.js";
import "./follow-button.js";
import { icon } from "./icon.js";

/** @typedef {import("../common/types").Suggestion} Suggestion */

const NAMED = 1;

/** Nothing at all where there is no advice. Fires "choose-person" (detail: the user). */
class Suggestions extends LitElement {
  static properties = {
    found: { state: true },
    cursor: { state: true },
  };
  static styles = [
    tokens,
    controls,
    avatarStyles,
    listStyles,
    css`
      section {
        margin-block-end: 8px;
        border-block-end: 1px solid var(--line);
      }

      h2 {
        margin: 0;
        padding: 4px 18px;
        font-size: 14px;
      }

      .scroll {
        max-height: 34vh;
        overflow-y: auto;
      }

      li {
        display: flex;
        align-items: center;
      }

      .item {
        flex: 1;
        grid-template-rows: auto auto;
        min-width: 0;
      }

      .under {
        line-height: 1.3;
        overflow-wrap: anywhere;
        white-space: normal;
      }

      li kabar-follow-button {
        flex: none;
      }

      .more {
        display: block;
        margin: 0 auto 8px;
      }
    `,
  ];

  constructor() {
    super();
    this.acts = new Acts(this);
    /** @type {Suggestion[]} */
    this.found = [];
    /** @type {string | null} */
    this.cursor = null;
    new Follows(this, blocks, mutes);
  }

  connectedCallback() {
    super.connectedCallback();
    this.#load(null);
  }

  /** Without whom I have blocked or muted since. */
  get #shown() {
    return this.found.filter(({ id }) => !blocks.has(id) && !mutes.find(id));
  }

  render() {
    const shown = this.#shown;
    if (shown.length === 0) return this.acts.notice;
    return html`<section aria-label=${peopleWords.suggestions}>
      <h2>${peopleWords.suggestions}</h2>
      <div class="scroll">
        <ul>
          ${repeat(shown, ({ id }) => id, this.#person)}
        </ul>
        ${this.cursor
          ? html`<button
              class="button more"
              ?disabled=${this.acts.isBusy}
              @click=${() => this.#load(this.cursor)}
            >
              ${words.more}
            </button>`
          : nothing}
        ${this.acts.notice}
      </div>
    </section>`;
  }

  #person = (/** @type {Suggestion} */ user) => html`<li>
    <button class="item person" @click=${() => this.#choose(user)}>
      ${avatar(user)}
      <span class="title" dir="auto">${user.name}</span>
      <span class="under quiet">${why(user)}</span>
    </button>
    <kabar-follow-button quiet .userId=${user.id} .name=${user.name}></kabar-follow-button>
    <button
      class="icon-button"
      aria-label=${peopleWords.dismiss(user.name)}
      title=${peopleWords.dismiss(user.name)}
      ?disabled=${this.acts.isBusy}
      @click=${() => this.#dismiss(user)}
    >
      ${icon("x")}
    </button>
  </li>`;

  /** @param {string | null} cursor */
  #load(cursor) {
    return this.acts.do(async () => {
      const page = await people.suggestions(cursor);
      this.found = [...(cursor ? this.found : []), ...page.users];
      this.cursor = page.nextCursor;
    });
  }

  /** @param {Suggestion} user */
  async #dismiss(user) {
    const place = this.found.indexOf(user);
    const isDone = await this.acts.do(() => people.dismiss(user.id));
    if (!isDone) return;
    this.found = this.found.filter(({ id }) => id !== user.id);
    await this.updateComplete;
    // The focus goes to what has come in its place.
    const items = /** @type {NodeListOf<HTMLElement>} */ (this.renderRoot.querySelectorAll(".item"));
    items[Math.min(place, items.length - 1)]?.focus();
    if (this.found.length === 0 && this.cursor) this.#load(this.cursor);
  }

  /** @param {Suggestion} user */
  #choose(user) {
    this.dispatchEvent(new CustomEvent("choose-person", { detail: user }));
  }
}

/** @param {Suggestion} user */
const why = ({ mutuals, mutualsCount }) =>
  peopleWords.followedBy(mutuals.slice(0, NAMED).map(({ name }) => name), mutualsCount);

customElements.define("kabar-suggestions", Suggestions);
