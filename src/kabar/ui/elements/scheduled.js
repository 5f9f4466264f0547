// Saying something later: choosing when, and what still waits to be said in a room.

import { inFull } from "../common/times.js";
import { words } from "../common/words.js";
import { Scheduled } from "../store/scheduled.js";
import { controls } from "../styles/controls.js";
import { dialogStyles } from "../styles/dialogs.js";
import { scheduledStyles } from "../styles/scheduled.js";
import { tokens } from "../styles/tokens.js";
import { html, LitElement, nothing } from "../vendor/lit.js";
import { Acts } from "./acts.js";
import { holdFocus } from "./focus.js";
import { icon } from "./icon.js";

/** @typedef {{content: string, attachments: import("../common/types").Attachment[], id?: string}} Chosen */

const HOUR_MILLISECONDS = 3_600_000;

export class ScheduledView extends LitElement {
  static properties = {
    roomId: {},
    userId: {},
    /** Whose time is being chosen: new words, or one that waits. */
    chosen: { state: true },
  };
  static styles = [tokens, controls, dialogStyles, scheduledStyles];

  constructor() {
    super();
    this.roomId = "";
    this.userId = "";
    /** @type {Chosen} */
    this.chosen = { content: "", attachments: [] };
    this.acts = new Acts(this);
    this.changed = () => this.requestUpdate();
  }

  connectedCallback() {
    super.connectedCallback();
    this.scheduled = new Scheduled(this.roomId, this.userId);
    this.scheduled.addEventListener("change", this.changed);
    this.scheduled.open();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.scheduled?.removeEventListener("change", this.changed);
    this.scheduled?.close();
  }

  render() {
    const list = this.scheduled?.list ?? [];
    return html`${list.length
        ? html`<button class="text-button waiting" @click=${() => this.#open("list")}>
            ${icon("clock")}${words.waitToBeSent(list.length)}
          </button>`
        : nothing}
      ${this.#list(list)} ${this.#when()}`;
  }

  /**
   * Asks when to say something. Resolves to whether it is going to be said.
   * @param {Chosen} chosen
   */
  async ask(chosen) {
    this.chosen = chosen;
    await this.updateComplete;
    const field = this.#field;
    field.min = local(new Date());
    field.value = local(nextMorning());
    return (await this.#open("when")) === "yes";
  }

  /** @param {import("../common/types").ScheduledMessage[]} list */
  #list(list) {
    return html`<dialog id="list" aria-labelledby="waiting" closedby="any">
      <form method="dialog">
        <h2 id="waiting">${words.scheduledMessages}</h2>
        ${this.acts.notice}
        <ul>
          ${list.map((each) => this.#item(each))}
        </ul>
        ${list.length ? nothing : html`<p class="quiet">${words.nothingWaits}</p>`}
        <div class="choices"><button class="button" value="">${words.close}</button></div>
      </form>
    </dialog>`;
  }

  /** @param {import("../common/types").ScheduledMessage} each */
  #item(each) {
    const again = () => this.ask(each);
    const takeBack = () => this.acts.do(async () => this.scheduled?.takeBack(each.id));
    return html`<li>
      ${said(each)}
      ${each.failure
        ? html`<p class="error">${icon("circle-alert")}${words.couldNotBeSent}</p>`
        : html`<p class="quiet"><time datetime=${each.sendAt}>${inFull(each.sendAt)}</time></p>`}
      <div class="acts">
        <button type="button" class="text-button" @click=${again}>${words.changeTime}</button>
        <button type="button" class="text-button" @click=${takeBack}>${words.doNotSend}</button>
      </div>
    </li>`;
  }

  #when() {
    const soon = (/** @type {Date} */ time) => () => (this.#field.value = local(time));
    return html`<dialog id="when" aria-labelledby="heading" closedby="any">
      <form method="dialog" @submit=${this.#choose}>
        <h2 id="heading">${words.sendLater}</h2>
        ${said(this.chosen)}
        <label>
          ${words.when}
          <input type="datetime-local" name="at" required />
        </label>
        <div class="acts">
          <button type="button" class="text-button" @click=${soon(inAnHour())}>
            ${words.inAnHour}
          </button>
          <button type="button" class="text-button" @click=${soon(nextMorning())}>
            ${words.tomorrowMorning}
          </button>
        </div>
        ${this.acts.notice}
        <div class="choices">
          <button class="button" value="" formnovalidate>${words.cancel}</button>
          <button class="button primary" value="yes" ?disabled=${this.acts.isBusy}>
            ${words.schedule}
          </button>
        </div>
      </form>
    </dialog>`;
  }

  /** It closes when the server has taken it. @param {SubmitEvent} event */
  async #choose(event) {
    const button = /** @type {HTMLButtonElement | null} */ (event.submitter);
    if (button?.value !== "yes") return;
    event.preventDefault();
    const { id, content, attachments } = this.chosen;
    const at = new Date(this.#field.value);
    const isTaken = await this.acts.do(async () =>
      id ? this.scheduled?.move(id, at) : this.scheduled?.add(content, attachments, at),
    );
    if (isTaken) this.#dialog("when").close("yes");
  }

  /** @returns {HTMLInputElement} */
  get #field() {
    return /** @type {HTMLInputElement} */ (this.renderRoot.querySelector("input"));
  }

  /** @param {"list" | "when"} name @returns {HTMLDialogElement} */
  #dialog(name) {
    return /** @type {HTMLDialogElement} */ (this.renderRoot.querySelector(`#${name}`));
  }

  /** @param {"list" | "when"} name @returns {Promise<string>} */
  #open(name) {
    const dialog = this.#dialog(name);
    const putBack = holdFocus();
    this.acts.forget();
    dialog.returnValue = "";
    dialog.showModal();
    return new Promise((resolve) => {
      const close = () => {
        putBack();
        resolve(dialog.returnValue);
      };
      dialog.addEventListener("close", close, { once: true });
    });
  }
}

/** What is going to be said: its words, and the names of its files. @param {Chosen} chosen */
const said = ({ content, attachments }) => html`${content
    ? html`<p class="content" dir="auto">${content}</p>`
    : nothing}
  ${attachments.map(({ name }) => html`<p class="file">${icon("file")}<span dir="auto">${name}</span></p>`)}`;

const inAnHour = () => new Date(Date.now() + HOUR_MILLISECONDS);

function nextMorning() {
  const morning = new Date();
  morning.setDate(morning.getDate() + 1);
  morning.setHours(9, 0, 0, 0);
  return morning;
}

/** As a field for a local time has it. @param {Date} time */
function local(time) {
  const shifted = new Date(time.getTime() - time.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 16);
}

customElements.define("kabar-scheduled", ScheduledView);
