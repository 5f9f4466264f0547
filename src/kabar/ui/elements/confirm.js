// A question before something that cannot be undone.

import { words } from "../common/words.js";
import { controls } from "../styles/controls.js";
import { dialogStyles } from "../styles/dialogs.js";
import { tokens } from "../styles/tokens.js";
import { html, LitElement, nothing } from "../vendor/lit.js";
import { holdFocus } from "./focus.js";

export class Confirm extends LitElement {
  static properties = {
    heading: {},
    body: {},
    action: {},
    /** A milder one, if there is. */
    other: {},
  };
  static styles = [tokens, controls, dialogStyles];

  constructor() {
    super();
    this.heading = "";
    this.body = "";
    this.action = "";
    this.other = "";
  }

  /** Resolves to whether it was confirmed; the focus goes back where it was. */
  async ask() {
    return (await this.choose()) === "action";
  }

  /** Resolves to what was chosen. @returns {Promise<"action" | "other" | null>} */
  choose() {
    const dialog = /** @type {HTMLDialogElement} */ (this.renderRoot.querySelector("dialog"));
    const putBack = holdFocus();
    dialog.returnValue = "";
    dialog.showModal();
    return new Promise((resolve) => {
      const close = () => {
        putBack();
        resolve(/** @type {"action" | "other"} */ (dialog.returnValue) || null);
      };
      dialog.addEventListener("close", close, { once: true });
    });
  }

  render() {
    return html`<dialog aria-labelledby="heading" closedby="any">
      <form method="dialog">
        <h2 id="heading">${this.heading}</h2>
        <p class="quiet">${this.body}</p>
        <div class="choices">
          <button class="button" value="">${words.cancel}</button>
          ${this.other
            ? html`<button class="button" value="other">${this.other}</button>`
            : nothing}
          ${this.action
            ? html`<button class="button destroys" value="action">${this.action}</button>`
            : nothing}
        </div>
      </form>
    </dialog>`;
  }
}

customElements.define("kabar-confirm", Confirm);
