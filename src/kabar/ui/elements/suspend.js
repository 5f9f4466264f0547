// The question before somebody is suspended: for how long, and why.

import { moderationWords as words } from "../common/moderation-words.js";
import { moderation } from "../store/moderation.js";
import { html } from "../vendor/lit.js";
import { FormDialog } from "./form-dialog.js";

/** @typedef {import("../common/types").Person} Person */

export class Suspend extends FormDialog {
  /** @type {Person | null} */
  #person = null;

  /** Resolves to whether it was done. @param {Person} person */
  ask(person) {
    this.#person = person;
    return this.open();
  }

  render() {
    return this.draw({
      heading: words.suspendTitle(this.#person?.name ?? ""),
      body: words.suspendBody,
      cancel: words.cancel,
      action: words.suspend,
      destroys: true,
      fields: html`<label>
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
        })}`,
    });
  }

  /** @param {(name: string) => string} read */
  async send(read) {
    if (!this.#person) return;
    const how = { days: Number(read("days")), reason: read("reason") };
    await moderation.suspend(this.#person.id, how);
  }
}

customElements.define("kabar-suspend", Suspend);
