// A dialog with a form: it is asked, and resolves to whether it was sent.

import { controls } from "../styles/controls.js";
import { dialogStyles } from "../styles/dialogs.js";
import { formStyles } from "../styles/forms.js";
import { moderationFormStyles } from "../styles/moderation.js";
import { tokens } from "../styles/tokens.js";
import { html, LitElement } from "../vendor/lit.js";
import { holdFocus } from "./focus.js";
import { Form } from "./form.js";

/** @typedef {{heading: string, body: string, fields: unknown, cancel: string, action: string, destroys?: boolean}} Shown */

export class FormDialog extends LitElement {
  static styles = [tokens, controls, formStyles, dialogStyles, moderationFormStyles];

  constructor() {
    super();
    this.form = new Form(this);
  }

  /** Draws anew, opens, and resolves when it is closed. */
  async open() {
    this.form.forget();
    this.requestUpdate();
    await this.updateComplete;
    const { dialog } = this;
    const putBack = holdFocus();
    dialog.querySelector("form")?.reset();
    dialog.returnValue = "";
    dialog.showModal();
    await new Promise((resolve) => dialog.addEventListener("close", resolve, { once: true }));
    putBack();
    return dialog.returnValue === "done";
  }

  get dialog() {
    return /** @type {HTMLDialogElement} */ (this.renderRoot.querySelector("dialog"));
  }

  /** Sends what was filled in. @param {(name: string) => string} _read */
  async send(_read) {}

  /** @param {Shown} shown */
  draw({ heading, body, fields, cancel, action, destroys = false }) {
    return html`<dialog aria-labelledby="heading" closedby="any">
      <form @submit=${this.#submit} novalidate>
        <h2 id="heading">${heading}</h2>
        <p class="quiet">${body}</p>
        ${fields}${this.form.notice}
        <div class="choices">
          <button type="button" class="button" @click=${() => this.dialog.close()}>${cancel}</button>
          <button class="button ${destroys ? "destroys" : "primary"}" ?disabled=${this.form.isBusy}>
            ${action}
          </button>
        </div>
      </form>
    </dialog>`;
  }

  /** @param {SubmitEvent} event */
  #submit(event) {
    return this.form.send(event, async (read) => {
      await this.send(read);
      this.dialog.close("done");
    });
  }
}
