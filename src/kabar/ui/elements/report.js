// Reporting a message, a person or a group to the moderators: what is wrong with it?

import { moderationWords as words } from "../common/moderation-words.js";
import { report } from "../store/moderation.js";
import { html } from "../vendor/lit.js";
import { FormDialog } from "./form-dialog.js";

/** @typedef {{messageId: string} | {userId: string} | {roomId: string}} Subject */

export class Report extends FormDialog {
  /** @type {Subject | null} */
  #subject = null;
  #heading = "";

  /** Resolves when it is done, or left. @param {Subject} subject @param {string} heading */
  ask(subject, heading) {
    this.#subject = subject;
    this.#heading = heading;
    return this.open();
  }

  render() {
    return this.draw({
      heading: this.#heading,
      body: words.reportBody,
      cancel: words.cancel,
      action: words.report,
      fields: html`${this.form.field({
        name: "reason",
        label: words.whatIsWrong,
        rows: 3,
        most: 500,
      })}`,
    });
  }

  /** @param {(name: string) => string} read */
  async send(read) {
    if (this.#subject) await report(this.#subject, read("reason"));
  }
}

customElements.define("kabar-report", Report);
