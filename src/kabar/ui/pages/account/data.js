// My data in a file: asking for it, how far it is, and fetching it.

import { base } from "../../common/api.js";
import { accountWords } from "../../common/account-words.js";
import { inBytes } from "../../common/files.js";
import { inFull } from "../../common/times.js";
import { Acts } from "../../elements/acts.js";
import { icon } from "../../elements/icon.js";
import { askForData, latestData } from "../../store/own-data.js";
import { accountStyles } from "../../styles/account.js";
import { controls } from "../../styles/controls.js";
import { tokens } from "../../styles/tokens.js";
import { css, html, LitElement, nothing } from "../../vendor/lit.js";

/** @typedef {import("../../common/types").OwnData} OwnData */

const LOOK_AGAIN_MILLISECONDS = 1_000;
const RENEW_MILLISECONDS = 50_000;

class AccountData extends LitElement {
  static properties = {
    data: { state: true },
  };
  static styles = [
    tokens,
    controls,
    accountStyles,
    css`
      [role="status"],
      .choices {
        margin-top: 16px;
      }

      .choices {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
      }

      progress {
        display: block;
        width: 100%;
        height: 8px;
        margin-top: 8px;
        accent-color: var(--accent);
      }
    `,
  ];

  constructor() {
    super();
    /** @type {OwnData | null} */
    this.data = null;
    this.acts = new Acts(this);
    this.timer = 0;
  }

  connectedCallback() {
    super.connectedCallback();
    this.#look();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.timer);
  }

  render() {
    return html`<section>
      <h2>${accountWords.yourData}</h2>
      <p class="quiet">${accountWords.yourDataHint}</p>
      ${this.acts.notice}${this.#state()}
    </section>`;
  }

  #state() {
    const { data } = this;
    if (data?.state === "queued" || data?.state === "running") return this.#underWay(data.progress);
    return html`<div role="status">${this.#became()}</div>
      <div class="choices">
        ${data?.url
          ? html`<a class="button primary" href=${new URL(data.url, base).href} download>
              ${icon("download")}${accountWords.downloadData(inBytes(data.size ?? 0))}
            </a>`
          : nothing}
        <button class="button" ?disabled=${this.acts.isBusy} @click=${this.#ask}>
          ${data?.url ? accountWords.prepareAgain : accountWords.prepareData}
        </button>
      </div>`;
  }

  #became() {
    if (this.data?.state === "failed") return accountWords.dataFailed;
    if (!this.data?.expiresAt) return nothing;
    return `${accountWords.dataReady} ${accountWords.dataUntil(inFull(this.data.expiresAt))}`;
  }

  /** @param {number} progress */
  #underWay(progress) {
    return html`<div role="status">${accountWords.preparing}</div>
      <progress max="100" value=${progress} aria-label=${accountWords.prepared(progress)}></progress>`;
  }

  #ask = () =>
    this.acts.do(async () => {
      await askForData();
      await this.#load();
    });

  #look = () => this.acts.do(() => this.#load());

  async #load() {
    this.data = await latestData();
    clearTimeout(this.timer);
    const isUnderWay = this.data?.state === "queued" || this.data?.state === "running";
    // A signed address is good for minutes: a page that stays open asks for a new one.
    const later = isUnderWay ? LOOK_AGAIN_MILLISECONDS : this.data?.url ? RENEW_MILLISECONDS : 0;
    if (later && this.isConnected) this.timer = setTimeout(this.#look, later);
  }
}

customElements.define("kabar-account-data", AccountData);
