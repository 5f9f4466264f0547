// Who asks to follow me: accepted or rejected with one press.

import { Follows } from "../common/store.js";
import { words } from "../common/words.js";
import { followRequests } from "../store/follow-requests.js";
import { avatarStyles } from "../styles/avatar.js";
import { controls } from "../styles/controls.js";
import { listStyles } from "../styles/lists.js";
import { tokens } from "../styles/tokens.js";
import { css, html, LitElement, nothing, repeat } from "../vendor/lit.js";
import { Acts } from "./acts.js";
import { avatar } from "./avatar.js";

/** @typedef {import("../common/types").Person} Person */

/** Nothing at all while nobody asks. Fires "choose-person" (detail: the person). */
class FollowRequestList extends LitElement {
  static styles = [
    tokens,
    controls,
    avatarStyles,
    listStyles,
    css`
      h2 {
        margin: 0;
        padding: 4px 18px;
        font-size: 14px;
      }

      .scroll {
        max-height: 40vh;
        border-block-end: 1px solid var(--line);
        overflow-y: auto;
      }

      li {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: flex-end;
      }

      .item {
        flex: 1 1 160px;
        width: auto;
      }

      .answers {
        display: flex;
        gap: 8px;
        padding-inline-end: 10px;
      }

      .answers .button {
        min-height: 36px;
        padding: 0 12px;
        font-size: 13px;
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
    new Follows(this, followRequests);
    followRequests.begin();
  }

  render() {
    if (followRequests.total === 0) return this.acts.notice;
    return html`<section aria-label=${words.followRequests}>
      <h2>${words.followRequests} <span class="quiet">${followRequests.total}</span></h2>
      <div class="scroll">
        <ul>
          ${repeat(followRequests.list, ({ id }) => id, this.#person)}
        </ul>
        ${followRequests.cursor
          ? html`<button class="button more" @click=${this.#more}>${words.more}</button>`
          : nothing}
        ${this.acts.notice}
      </div>
    </section>`;
  }

  /** @param {Person} person */
  #person = (person) => html`<li>
    <button class="item person" @click=${() => this.#choose(person)}>
      ${avatar(person)}
      <span class="title" dir="auto">${person.name}</span>
      <span class="under quiet">@${person.username}</span>
    </button>
    <span class="answers">
      <button
        class="button primary"
        ?disabled=${this.acts.isBusy}
        aria-description=${person.name}
        @click=${() => this.acts.do(() => followRequests.accept(person))}
      >
        ${words.accept}
      </button>
      <button
        class="button"
        ?disabled=${this.acts.isBusy}
        aria-description=${person.name}
        @click=${() => this.acts.do(() => followRequests.reject(person))}
      >
        ${words.reject}
      </button>
    </span>
  </li>`;

  #more = () => this.acts.do(() => followRequests.loadMore());

  /** @param {Person} person */
  #choose(person) {
    this.dispatchEvent(new CustomEvent("choose-person", { detail: person }));
  }
}

customElements.define("kabar-follow-requests", FollowRequestList);
