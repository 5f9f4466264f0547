// A plot of the last hour: lines to read with the mouse or the arrow keys, or a table.

import { tokens } from "../styles/tokens.js";
import { html, LitElement, nothing, svg } from "../vendor/lit.js";
import { plotStyles } from "./styles/plot.js";
import { timeOf } from "./texts.js";
import { words } from "./words.js";

/** What the axis may show: the shortest that everything fits into. */
const MINUTES = [6, 10, 20, 30, 60];
const WIDTH = 600;
const HEIGHT = 140;
const short = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });
const exact = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });

class Plot extends LitElement {
  static properties = {
    heading: {},
    at: { attribute: false },
    lines: { attribute: false },
    chosen: { state: true },
  };
  static styles = [tokens, plotStyles];

  constructor() {
    super();
    this.heading = "";
    /** @type {number[]} when each value was taken, oldest first */
    this.at = [];
    /** @type {import("./types").Line[]} */
    this.lines = [];
    /** @type {number | null} the point that is read */
    this.chosen = null;
  }

  render() {
    return html`<figure>
      <figcaption>
        <span class="title">${this.heading}</span>
        ${this.lines.length > 1 ? this.#legend() : nothing}
      </figcaption>
      ${this.at.length ? html`${this.#drawing()}${this.#table()}` : this.#nothingYet()}
    </figure>`;
  }

  #nothingYet() {
    return html`<p class="drawing none quiet">${words.noSamples}</p>`;
  }

  #legend() {
    return html`<span class="keys">
      ${this.lines.map(
        ({ name }, index) => html`<span class="key line-${index}"><i></i>${name}</span>`,
      )}
    </span>`;
  }

  #drawing() {
    const top = this.#top;
    const minutes = this.#minutesShown;
    return html`<div
        class="drawing"
        role="slider"
        tabindex="0"
        aria-label=${this.heading}
        aria-valuemin="0"
        aria-valuemax=${this.at.length - 1}
        aria-valuenow=${this.chosen ?? this.at.length - 1}
        aria-valuetext=${this.#summary(this.chosen ?? this.at.length - 1)}
        @pointermove=${this.#point}
        @pointerdown=${this.#point}
        @pointerleave=${this.#leave}
        @blur=${this.#leave}
        @keydown=${this.#key}
      >
        <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true">
          ${[0, 0.5, 1].map(
            (part) => svg`<line class="grid" x1="0" x2=${WIDTH} y1=${HEIGHT * part} y2=${HEIGHT * part} />`,
          )}
          ${this.lines.map(({ values }, index) => this.#line(values, index))}
          ${this.chosen === null ? nothing : this.#cursor(this.chosen)}
        </svg>
        <span class="scale top">${short.format(top)}</span>
        <span class="scale middle">${short.format(top / 2)}</span>
        ${this.chosen === null ? nothing : this.#tip(this.chosen)}
      </div>
      <div class="times quiet" aria-hidden="true">
        <span>${words.minutesAgo(minutes)}</span>
        <span>${words.minutesAgo(minutes / 2)}</span>
        <span>${words.now}</span>
      </div>`;
  }

  /** @param {number[]} values @param {number} index */
  #line(values, index) {
    const points = values.map((value, each) => `${this.#x(each)},${this.#y(value)}`);
    const area = `${this.#x(0)},${HEIGHT} ${points.join(" ")} ${this.#x(values.length - 1)},${HEIGHT}`;
    return svg`
      ${index === 0 ? svg`<polygon class="area" points=${area} />` : nothing}
      <polyline class="curve line-${index}" points=${points.join(" ")} />`;
  }

  /** @param {number} index */
  #cursor(index) {
    const x = this.#x(index);
    return svg`<line class="cursor" x1=${x} x2=${x} y1="0" y2=${HEIGHT} />`;
  }

  /** @param {number} index */
  #tip(index) {
    return html`<div class="tip" aria-hidden="true">
      <span class="quiet">${timeOf(this.at[index])}</span>
      ${this.lines.map(
        ({ name, values }, line) => html`<span class="key line-${line}">
          <i></i>${name} <b>${exact.format(values[index])}</b>
        </span>`,
      )}
    </div>`;
  }

  #table() {
    return html`<details>
      <summary>${words.asTable}</summary>
      <div class="table">
        <table>
          <caption class="only-heard">${this.heading}</caption>
          <thead>
            <tr>
              <th scope="col">${words.time}</th>
              ${this.lines.map(({ name }) => html`<th scope="col" class="number">${name}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${this.#minutes().map(
              (index) => html`<tr>
                <th scope="row">${timeOf(this.at[index])}</th>
                ${this.lines.map(
                  ({ values }) => html`<td class="number">${exact.format(values[index])}</td>`,
                )}
              </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </details>`;
  }

  /** The last point of every minute, newest first. */
  #minutes() {
    const found = new Map();
    this.at.forEach((at, index) => found.set(Math.floor(at / 60), index));
    return [...found.values()].reverse();
  }

  /** @param {number} index */
  #summary(index) {
    const values = this.lines.map(({ name, values }) => `${name} ${exact.format(values[index])}`);
    return `${timeOf(this.at[index])}: ${values.join(", ")}`;
  }

  /** The tip stands beside its point; a style in the markup would be refused by the page's policy. */
  updated() {
    /** @type {HTMLElement | null} */
    const tip = this.renderRoot.querySelector(".tip");
    if (!tip || this.chosen === null) return;
    const part = this.#x(this.chosen) / WIDTH;
    tip.style.left = part > 0.5 ? "auto" : `${part * 100}%`;
    tip.style.right = part > 0.5 ? `${(1 - part) * 100}%` : "auto";
  }

  get #minutesShown() {
    const past = (this.at[this.at.length - 1] - this.at[0]) / 60;
    return MINUTES.find((minutes) => minutes >= past) ?? 60;
  }

  /** A round number that nothing is above. */
  get #top() {
    const most = Math.max(1, ...this.lines.flatMap(({ values }) => values));
    const unit = 10 ** Math.floor(Math.log10(most));
    return unit * ([1, 2, 5].find((step) => step * unit >= most) ?? 10);
  }

  /** @param {number} index */
  #x(index) {
    const end = this.at[this.at.length - 1];
    return WIDTH * Math.max(0, 1 - (end - this.at[index]) / (60 * this.#minutesShown));
  }

  /** @param {number} value */
  #y(value) {
    return HEIGHT * (1 - value / this.#top);
  }

  /** @param {PointerEvent} event */
  #point(event) {
    const { left, width } = /** @type {Element} */ (event.currentTarget).getBoundingClientRect();
    const wanted = ((event.clientX - left) / width) * WIDTH;
    const distances = this.at.map((_, index) => Math.abs(this.#x(index) - wanted));
    this.chosen = distances.indexOf(Math.min(...distances));
  }

  #leave() {
    this.chosen = null;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const last = this.at.length - 1;
    const from = this.chosen ?? last;
    const moves = { ArrowLeft: from - 1, ArrowRight: from + 1, Home: 0, End: last };
    if (event.key === "Escape") this.chosen = null;
    if (!(event.key in moves)) return;
    event.preventDefault();
    const to = moves[/** @type {keyof typeof moves} */ (event.key)];
    this.chosen = Math.min(Math.max(to, 0), last);
  }
}

customElements.define("kabar-plot", Plot);
