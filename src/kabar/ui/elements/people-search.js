// Finding a person: a field, and who matches.

import { words } from "../common/words.js";
import { people } from "../store/people.js";
import { session } from "../store/session.js";
import { avatarStyles } from "../styles/avatar.js";
import { controls } from "../styles/controls.js";
import { listStyles } from "../styles/lists.js";
import { searchStyles } from "../styles/search.js";
import { tokens } from "../styles/tokens.js";
import { css, html, LitElement, nothing, repeat } from "../vendor/lit.js";
import { Acts, failed } from "./acts.js";
import { avatar } from "./avatar.js";
import { isForInputMethod, KeepsFocus, moveFocus } from "./focus.js";
import "./follow-button.js";
import { icon } from "./icon.js";
import { skeletons, skeletonStyles } from "./skeletons.js";

/** @typedef {import("../common/types").User} User */

const PAUSE_MILLISECONDS = 180;

/** Fires "choose-person" (detail: the user). */
export class PeopleSearch extends LitElement {
  static properties = {
    current: {},
    /** With a button for following beside each. */
    followable: { type: Boolean },
    cursor: { state: true },
    found: { state: true },
    query: { state: true },
  };

  static styles = [
    tokens,
    controls,
    avatarStyles,
    skeletonStyles,
    listStyles,
    searchStyles,
    css`
      :host {
        display: flex;
        flex-direction: column;
        min-height: 0;
      }

      li {
        display: flex;
        align-items: center;
        border-radius: var(--round-control);
      }

      li .item {
        flex: 1;
        min-width: 0;
      }

      li kabar-follow-button {
        flex: none;
        margin-inline: 4px 8px;
      }

      @media (hover: hover) {
        li:hover {
          background: var(--hover);
        }
      }

      .scroll {
        flex: 1;
        min-height: 0;
        overflow-y: auto;
      }
    `,
  ];

  constructor() {
    super();
    this.current = "";
    this.followable = false;
    /** @type {string | null} */
    this.cursor = null;
    this.query = "";
    this.acts = new Acts(this);
    /** @type {User[] | null} */
    this.found = null;
    new KeepsFocus(this);
    this.timer = 0;
  }

  connectedCallback() {
    super.connectedCallback();
    this.#search();
  }

  render() {
    return html`<search class="search">
        ${icon("search")}
        <input
          type="search"
          aria-label=${words.searchPeople}
          placeholder=${words.searchPeople}
          autocomplete="off"
          spellcheck="false"
          maxlength="100"
          @input=${this.#typed}
          @keydown=${this.#down}
        />
      </search>
      <div class="scroll">${this.#results()}</div>`;
  }

  focus() {
    this.renderRoot.querySelector("input")?.focus();
  }

  #results() {
    const { problem } = this.acts;
    if (!this.found) return problem ? failed(problem, () => this.#search()) : skeletons(6);
    const others = this.found.filter(({ id }) => id !== session.user?.id);
    if (others.length === 0) {
      return html`<div class="blank">
        ${icon("users")}
        <p>${this.query ? words.noPeople : words.alone}</p>
      </div>`;
    }
    return html`<ul @keydown=${(/** @type {KeyboardEvent} */ event) => moveFocus(event, ".item")}>
      ${repeat(
        others,
        ({ id }) => id,
        (user) => this.#item(user),
      )}
      </ul>
      ${this.cursor
        ? html`<button class="button more" @click=${this.#more}>${words.more}</button>`
        : nothing}${this.acts.notice}`;
  }

  /** @param {User} user */
  #item(user) {
    const isCurrent = user.username === this.current;
    return html`<li>
      <button
        class="item person"
        aria-current=${isCurrent ? "true" : nothing}
        @click=${() => this.#choose(user)}
      >
        ${avatar(user)}
        <span class="title" dir="auto">${user.name}</span>
        <span class="line">
          <span class="under quiet">@${user.username}</span>
          ${this.#notes(user).map((note) => html`<span class="note">${note}</span>`)}
        </span>
      </button>
      ${this.followable && !isCurrent
        ? html`<kabar-follow-button quiet .userId=${user.id} .name=${user.name}>
          </kabar-follow-button>`
        : nothing}
    </li>`;
  }

  /** @param {User} user */
  #notes({ isBot, relationship }) {
    return [isBot && words.bot, relationship?.followedBy && words.followsYou].filter(Boolean);
  }

  /** @param {User} user */
  #choose(user) {
    this.dispatchEvent(new CustomEvent("choose-person", { detail: user }));
  }

  /** @param {InputEvent} event */
  #typed(event) {
    this.query = /** @type {HTMLInputElement} */ (event.currentTarget).value.trim();
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.#search(), PAUSE_MILLISECONDS);
  }

  /** @param {KeyboardEvent} event */
  #down(event) {
    if (event.key !== "ArrowDown" || isForInputMethod(event)) return;
    event.preventDefault();
    /** @type {HTMLElement | null} */ (this.renderRoot.querySelector(".item"))?.focus();
  }

  #search() {
    return this.#fetch(null, []);
  }

  #more() {
    return this.#fetch(this.cursor, this.found ?? []);
  }

  /** @param {string | null} cursor @param {User[]} before */
  async #fetch(cursor, before) {
    const { query } = this;
    return this.acts.do(async () => {
      const page = await people.search(query, cursor);
      if (query !== this.query) return; // somebody typed on meanwhile
      this.found = [...before, ...page.users];
      this.cursor = page.nextCursor;
    });
  }
}

customElements.define("kabar-people-search", PeopleSearch);
