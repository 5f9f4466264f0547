// Who reacted to a message, in a dialog.

import { words } from "../common/words.js";
import { whoReacted } from "../store/message-calls.js";
import { avatarStyles } from "../styles/avatar.js";
import { controls } from "../styles/controls.js";
import { dialogStyles } from "../styles/dialogs.js";
import { tokens } from "../styles/tokens.js";
import { css, html, LitElement, nothing } from "../vendor/lit.js";
import { Acts, failed } from "./acts.js";
import { avatar } from "./avatar.js";
import { holdFocus } from "./focus.js";
import { skeletons, skeletonStyles } from "./skeletons.js";

export class Reactors extends LitElement {
  static properties = {
    messageId: { state: true },
    found: { state: true },
    cursor: { state: true },
  };
  static styles = [
    tokens,
    controls,
    avatarStyles,
    skeletonStyles,
    dialogStyles,
    css`
      ul {
        max-height: min(360px, 50dvh);
        margin: 0 -8px;
        padding: 0 8px;
        overflow-y: auto;
        list-style: none;
      }

      li {
        display: flex;
        align-items: center;
        gap: 12px;
        min-height: 48px;
      }

      li span:nth-child(2) {
        flex: 1;
        min-width: 0;
        overflow-wrap: anywhere;
      }

      .emoji {
        font-size: 20px;
      }
    `,
  ];

  constructor() {
    super();
    this.messageId = "";
    /** @type {import("../common/types").Reactor[] | null} */
    this.found = null;
    /** @type {string | null} */
    this.cursor = null;
    this.acts = new Acts(this);
  }

  /** @param {string} messageId */
  show(messageId) {
    const dialog = /** @type {HTMLDialogElement} */ (this.renderRoot.querySelector("dialog"));
    const putBack = holdFocus();
    dialog.addEventListener("close", putBack, { once: true });
    dialog.showModal();
    this.messageId = messageId;
    this.found = null;
    this.#fetch(null);
  }

  render() {
    return html`<dialog aria-labelledby="heading" closedby="any">
      <form method="dialog">
        <h2 id="heading">${words.reactions}</h2>
        ${this.#content()}
        <div class="choices"><button class="button">${words.close}</button></div>
      </form>
    </dialog>`;
  }

  #content() {
    const { problem } = this.acts;
    if (!this.found) return problem ? failed(problem, () => this.#fetch(null)) : skeletons(3);
    const more = html`<button type="button" class="button" @click=${() => this.#fetch(this.cursor)}>
      ${words.more}
    </button>`;
    return html`<ul tabindex="0" aria-labelledby="heading">
        ${this.found.map(
          ({ user, emoji }) => html`<li>
            ${avatar(user, "small")}<span dir="auto">${user.name}</span>
            <span class="emoji">${emoji}</span>
          </li>`,
        )}
      </ul>
      ${this.cursor ? more : nothing}${this.acts.notice}`;
  }

  /** @param {string | null} cursor */
  #fetch(cursor) {
    const { messageId } = this;
    return this.acts.do(async () => {
      const page = await whoReacted(messageId, cursor);
      if (messageId !== this.messageId) return; // another one was asked for meanwhile
      this.found = [...(cursor ? (this.found ?? []) : []), ...page.reactions];
      this.cursor = page.nextCursor;
    });
  }
}

customElements.define("kabar-reactors", Reactors);
