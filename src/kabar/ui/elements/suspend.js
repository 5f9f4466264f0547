// The question before somebody is suspended: for how long, and why.

import { moderationWords as words } from "../common/moderation-words.js";
import { moderation } from "../store/moderation.js";
import { controls } from "../styles/controls.js";
import { dialogStyles } from "../styles/dialogs.js";
import { formStyles } from "../styles/forms.js";
import { moderationFormStyles } from "../styles/moderation.js";
import { tokens } from "../styles/tokens.js";
import { html, LitElement, nothing } from "../vendor/lit.js";
import { holdFocus } from "./focus.js";
import { Form } from "./form.js";

/** @typedef {import("../common/types").Person} Person */

export class Suspend extends LitElement {
  static properties = { person: { state: true } };
  static styles = [tokens, controls, formStyles, dialogStyles, moderationFormStyles];

  constructor() {
    super();
    /** @type {Person | null} */
    this.person = null;
    this.form = new Form(this);
  }

  /** Resolves when it is done, or left. @param {Person} person */
  async ask(person) {
    this.person = person;
    this.form.forget();
    await this.updateComplete;
    const dialog = this.#dialog;
    const putBack = holdFocus();
    dialog.querySelector("form")?.reset();
    dialog.returnValue = "";
    dialog.showModal();
    await new Promise((resolve) => dialog.addEventListener("close", resolve, { once: true }));
    putBack();
    return dialog.returnValue === "done";
  }

  render() {
    const { person } = this;
    return html`<dialog aria-labelledby="heading" closedby="any">
      ${person
        ? html`<form @submit=${this.#suspend} novalidate>
            <h2 id="heading">${words.suspendTitle(person.name)}</h2>
            <p class="quiet">${words.suspendBody}</p>
            <label>
              ${words.suspendFor}
              <select name="days">
                ${words.suspendTimes.map(
                  ([days, label]) =>
                    html`<option value=${days} ?selected=${days === 7}>${label}</option>`,
                )}
              </select>
            </label>
            ${this.form.field({
              name: "reason",
              label: words.reason,
              hint: words.reasonHint,
              rows: 3,
              most: 500,
              optional: true,
            })}
            ${this.form.notice}
            <div class="choices">
              <button type="button" class="button" @click=${() => this.#dialog.close()}>
                ${words.cancel}
              </button>
              <button class="button destroys" ?disabled=${this.form.isBusy}>${words.suspend}</button>
            </div>
          </form>`
        : nothing}
    </dialog>`;
  }

  get #dialog() {
    return /** @type {HTMLDialogElement} */ (this.renderRoot.querySelector("dialog"));
  }

  /** @param {SubmitEvent} event */
  #suspend(event) {
    const { person } = this;
    return this.form.send(event, async (read) => {
      if (!person) return;
      await moderation.suspend(person.id, { days: Number(read("days")), reason: read("reason") });
      this.#dialog.close("done");
    });
  }
}

customElements.define("kabar-suspend", Suspend);
