// The question before a report is settled, with a note for the other moderators.

import { moderationWords as words } from "../common/moderation-words.js";
import { moderation } from "../store/moderation.js";
import { html } from "../vendor/lit.js";
import { FormDialog } from "./form-dialog.js";

/**
 * @typedef {import("../common/types").Report} Report
 * @typedef {import("../common/types").ReportAction} ReportAction
 */

export class Settle extends FormDialog {
  /** @type {Report | null} */
  #report = null;
  /** @type {ReportAction} */
  #action = "none";

  /** Resolves to whether it was done. @param {Report} report @param {ReportAction} action */
  ask(report, action) {
    this.#report = report;
    this.#action = action;
    return this.open();
  }

  render() {
    const settling = words.settlings[this.#action];
    return this.draw({
      heading: settling.heading,
      body: settling.body,
      cancel: words.cancel,
      action: settling.action,
      destroys: this.#action !== "none",
      fields: html`${this.form.field({
        name: "note",
        label: words.note,
        hint: words.noteHint,
        rows: 2,
        most: 500,
        optional: true,
      })}`,
    });
  }

  /** @param {(name: string) => string} read */
  async send(read) {
    if (this.#report) await moderation.resolve(this.#report.id, this.#action, read("note"));
  }
}

customElements.define("kabar-settle", Settle);
