// What a message said before it was edited, in a dialog.

import { inFull } from "../common/times.js";
import { words } from "../common/words.js";
import { formerWords } from "../store/message-calls.js";
import { controls } from "../styles/controls.js";
import { dialogStyles } from "../styles/dialogs.js";
import { tokens } from "../styles/tokens.js";
import { writtenStyles } from "../styles/written.js";
import { css, html, LitElement } from "../vendor/lit.js";
import { Acts, failed } from "./acts.js";
import { holdFocus } from "./focus.js";
import { skeletons, skeletonStyles } from "./skeletons.js";
import { written } from "./text.js";

/** @typedef {import("../common/types").Message} Message */

export class FormerWords extends LitElement {
  static properties = { found: { state: true } };
  static styles = [
    tokens,
    controls,
    skeletonStyles,
    dialogStyles,
    writtenStyles,
    css`
      ol {
        display: grid;
        gap: 12px;
        max-height: min(420px, 60dvh);
        margin: 16px 0 0;
        padding: 0;
        overflow-y: auto;
        list-style: none;
      }

      ol > li > time {
        display: block;
      }
    `,
  ];

  constructor() {
    super();
    /** @type {Message | null} */
    this.message = null;
    /** @type {{content: string, editedAt: string}[] | null} */
    this.found = null;
    this.acts = new Acts(this);
  }

  /** @param {Message} message */
  show(message) {
    const dialog = /** @type {HTMLDialogElement} */ (this.renderRoot.querySelector("dialog"));
    dialog.addEventListener("close", holdFocus(), { once: true });
    dialog.showModal();
    this.message = message;
    this.found = null;
    this.#fetch(message);
  }

  render() {
    return html`<dialog aria-labelledby="heading" closedby="any">
      <form method="dialog">
        <h2 id="heading">${words.former}</h2>
        ${this.#content()}
        <div class="choices"><button class="button">${words.close}</button></div>
      </form>
    </dialog>`;
  }

  #content() {
    const { problem } = this.acts;
    const { message } = this;
    if (!message) return "";
    if (!this.found) return problem ? failed(problem, () => this.#fetch(message)) : skeletons(2);
    return html`<ol tabindex="0" aria-labelledby="heading">
      ${this.found.map(
        ({ content, editedAt }) => html`<li>
          <div class="text" dir="auto">${written(content)}</div>
          <time class="quiet" datetime=${editedAt}>${words.untilThen(inFull(editedAt))}</time>
        </li>`,
      )}
    </ol>`;
  }

  /** @param {Message} message */
  #fetch(message) {
    return this.acts.do(async () => {
      const found = await formerWords(message);
      if (message === this.message) this.found = found; // else another one was asked for
    });
  }
}

customElements.define("kabar-former-words", FormerWords);
