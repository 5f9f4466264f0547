// A poll in its message: the options with how many chose them, and what I chose.

import { pollWords as words } from "../common/poll-words.js";
import { inFull } from "../common/times.js";
import { mineOf } from "../store/polls.js";
import { controls } from "../styles/controls.js";
import { pollStyles } from "../styles/polls.js";
import { tokens } from "../styles/tokens.js";
import { html, LitElement, nothing } from "../vendor/lit.js";
import { moveFocus } from "./focus.js";
import { icon } from "./icon.js";

/** @typedef {import("../common/types").Poll} Poll */

/** No timer of a browser runs for longer. */
const LONGEST_TIMER_MILLISECONDS = 2 ** 31 - 1;

/** Fires "vote" (detail: the ids of what is chosen then) and "close-poll". */
class PollView extends LitElement {
  static properties = {
    poll: { attribute: false },
    /** I asked it. */
    mine: { type: Boolean },
  };
  static styles = [tokens, controls, pollStyles];

  constructor() {
    super();
    /** @type {Poll} */
    this.poll = { question: "", options: [], votersCount: 0, multiple: false, closesAt: null, closed: true };
    this.mine = false;
    this.timer = 0;
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.timer);
  }

  connectedCallback() {
    super.connectedCallback();
    this.requestUpdate();
  }

  /** Nobody tells that its time is over. */
  get isClosed() {
    return this.poll.closed || this.#left <= 0;
  }

  get #left() {
    const { closesAt } = this.poll;
    return closesAt ? Date.parse(closesAt) - Date.now() : Infinity;
  }

  updated() {
    clearTimeout(this.timer);
    if (this.isClosed || this.#left === Infinity) return;
    const wait = Math.min(this.#left, LONGEST_TIMER_MILLISECONDS);
    this.timer = window.setTimeout(() => this.requestUpdate(), wait);
  }

  render() {
    const { question, options, votersCount, multiple } = this.poll;
    return html`<div class="poll" role="group" aria-label=${words.about(question)}>
      <p class="question" dir="auto">${question}</p>
      <p class="quiet">${this.#rule()}</p>
      <div
        class="options"
        @keydown=${(/** @type {KeyboardEvent} */ event) => moveFocus(event, ".option")}
      >
        ${options.map((option) => this.#option(option))}
      </div>
      <p class="below quiet">
        <span>${multiple ? words.voters(votersCount) : words.votes(votersCount)}</span>
        ${this.mine && !this.isClosed
          ? html`<button class="text-button" @click=${() => this.#tell("close-poll")}>
              ${words.close}
            </button>`
          : nothing}
      </p>
    </div>`;
  }

  #rule() {
    const { multiple, closesAt } = this.poll;
    if (this.isClosed) return words.closed;
    const rule = multiple ? words.chooseSeveral : words.chooseOne;
    return closesAt ? `${rule} · ${words.closes(inFull(closesAt))}` : rule;
  }

  /** @param {import("../common/types").PollOption} option */
  #option({ id, text, count, mine = false }) {
    const share = Math.round((100 * count) / Math.max(this.poll.votersCount, 1));
    // What cannot be chosen any more can still be read with the keyboard.
    return html`<button
      class="option"
      aria-pressed=${mine}
      aria-disabled=${this.isClosed}
      title=${words.votes(count)}
      @click=${() => this.#choose(id)}
    >
      <span class="mark ${this.poll.multiple ? "several" : ""}">${mine ? icon("check") : nothing}</span>
      <span class="label" dir="auto">${text}</span>
      <span class="share">${share}%<span class="only-heard">(${words.votes(count)})</span></span>
      <span class="bar"><span .style=${`width: ${share}%`}></span></span>
    </button>`;
  }

  /** Chosen again it is taken back. @param {string} id */
  #choose(id) {
    if (this.isClosed) return;
    const before = mineOf(this.poll);
    const others = this.poll.multiple ? before.filter((each) => each !== id) : [];
    this.#tell("vote", before.includes(id) ? others : [...others, id]);
  }

  /** @param {"vote" | "close-poll"} name @param {string[]} [detail] */
  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

customElements.define("kabar-poll", PollView);
