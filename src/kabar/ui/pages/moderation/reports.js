// What was reported: the message as it was, what stands around it, and what is done about it.

import { moderationWords as words } from "../../common/moderation-words.js";
import { Follows } from "../../common/store.js";
import { briefly, inFull } from "../../common/times.js";
import { today } from "../../common/today.js";
import { Acts } from "../../elements/acts.js";
import { Loaded } from "../../elements/group/loaded.js";
import "../../elements/settle.js";
import { skeletonStyles } from "../../elements/skeletons.js";
import "../../elements/suspend.js";
import { moderation } from "../../store/moderation.js";
import { session } from "../../store/session.js";
import { controls } from "../../styles/controls.js";
import { moderationStyles } from "../../styles/moderation.js";
import { tokens } from "../../styles/tokens.js";
import { html, LitElement, nothing, repeat } from "../../vendor/lit.js";
import { router } from "../router.js";
import { moreOf, PAGE } from "./more.js";

/**
 * @typedef {import("../../common/types").Report} Report
 * @typedef {import("../../common/types").ReportAction} ReportAction
 * @typedef {import("../../common/types").Message} Message
 */

class Reports extends LitElement {
  static properties = { isSettled: { state: true }, around: { state: true } };
  static styles = [tokens, controls, skeletonStyles, moderationStyles];

  constructor() {
    super();
    new Follows(this, today);
    this.most = PAGE;
    this.isSettled = false;
    /** What stands around a report that was opened, by its id. @type {Map<string, Message[]>} */
    this.around = new Map();
    this.acts = new Acts(this);
    this.all = new Loaded(
      this,
      () => moderation.reports(this.isSettled, this.most),
      () => [[`private-user-${session.user?.id}`, ["moderation-changed"]]],
    );
  }

  render() {
    return html`<section aria-label=${words.reports}>
        <header>
          <h2>${words.reports}</h2>
          ${this.#choice(false, words.open)}${this.#choice(true, words.settled)}
        </header>
        ${this.acts.notice}
        ${this.all.draw(({ rows, isMore }) =>
          rows.length === 0
            ? html`<p class="quiet">${this.isSettled ? words.nothingSettled : words.noReports}</p>`
            : html`<ul class="reports">
                  ${repeat(rows, ({ id }) => id, this.#report)}
                </ul>
                ${moreOf(this, isMore)}`,
        )}
      </section>
      <kabar-settle></kabar-settle><kabar-suspend></kabar-suspend>`;
  }

  /** @param {boolean} isSettled @param {string} label */
  #choice(isSettled, label) {
    const choose = () => {
      this.isSettled = isSettled;
      this.most = PAGE;
      this.all.value = null;
      this.all.again();
    };
    return html`<button class="text-button" aria-pressed=${this.isSettled === isSettled} @click=${choose}>
      ${label}
    </button>`;
  }

  #report = (/** @type {Report} */ report) => html`<li>
    <div class="head">
      ${report.user
        ? html`<a href=${router.path("people", report.user.username)} dir="auto">${words.about(report)}</a>`
        : html`<b dir="auto">${words.about(report)}</b>`}
      <time class="quiet" datetime=${report.createdAt} title=${inFull(report.createdAt)}>
        ${briefly(report.createdAt)}
      </time>
    </div>
    ${report.message ? this.#message(report) : nothing}
    <p class="words" dir="auto">${report.reason}</p>
    <p class="quiet">${words.reportedBy(report.reporter?.name ?? "")}</p>
    ${report.resolution ? settled(report.resolution) : this.#choices(report)}
  </li>`;

  /** @param {Report} report */
  #message({ id, message }) {
    const around = this.around.get(id);
    if (around) return html`<ol class="around">${around.map((each) => line(each, message?.id ?? ""))}</ol>`;
    const open = () =>
      this.acts.do(async () => {
        this.around = new Map([...this.around, [id, await moderation.context(id)]]);
      });
    return html`<blockquote dir="auto"><span class="words">${message?.content}</span>${files(message?.files ?? [])}</blockquote>
      <button class="text-button" ?disabled=${this.acts.isBusy} @click=${open}>${words.context}</button>`;
  }

  /** @param {Report} report */
  #choices(report) {
    return html`<div class="choices">
      ${report.actions.map(
        (action) => html`<button
          class="button ${action === "none" ? "" : "grave"}"
          aria-description=${words.about(report)}
          ?disabled=${this.acts.isBusy}
          @click=${() => this.#settle(report, action)}
        >
          ${words.settlings[action].action}
        </button>`,
      )}
    </div>`;
  }

  /** @param {Report} report @param {ReportAction} action */
  async #settle(report, action) {
    if (action !== "suspend") await this.renderRoot.querySelector("kabar-settle")?.ask(report, action);
    else if (report.user && (await this.renderRoot.querySelector("kabar-suspend")?.ask(report.user))) {
      // For how long, and why, was said with the suspension.
      await this.acts.do(() => moderation.resolve(report.id, action, ""));
    }
    // Also when it failed: another moderator may have been quicker.
    this.all.again();
  }
}

/** @param {NonNullable<Report["resolution"]>} resolution */
const settled = (resolution) => html`<p class="done">
  ${words.settledBy(resolution)}
  ${resolution.note ? html`<span class="quiet" dir="auto">${resolution.note}</span>` : nothing}
</p>`;

/** @param {Message} message @param {string} reportedId */
const line = (message, reportedId) => html`<li class=${message.id === reportedId ? "reported" : ""}>
  <b dir="auto">${message.sender.name}</b>
  <span class="words" dir="auto">${message.deletedAt ? words.deleted : message.content}</span>
  ${message.attachments.map(
    ({ url, name }) => html`<a href=${url} target="_blank" rel="noreferrer">${name}</a>`,
  )}
</li>`;

/** @param {string[]} names */
const files = (names) => names.map((name) => html` <span class="quiet">[${name}]</span>`);

customElements.define("kabar-reports", Reports);
