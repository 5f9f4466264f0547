// A scrolling view that keeps what one looks at in place while things are added around it.

import { FloatingDay } from "./floating-day.js";

const AT_BOTTOM_PIXELS = 100;
/** A row higher than this is begun to be read once so much of it is in view. */
const READABLE_PIXELS = 64;

/** @typedef {{key: string, top: number}} Anchor a row, and where its top was */

export class HeldView {
  #knownTop = 0;
  #day;

  /** @param {HTMLElement} scroller it holds rows: `.row[data-key]` */
  constructor(scroller) {
    this.scroller = scroller;
    this.#day = new FloatingDay(scroller);
  }

  get above() {
    return this.scroller.scrollTop;
  }

  get below() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    return scrollHeight - scrollTop - clientHeight;
  }

  get isAtBottom() {
    return this.below <= AT_BOTTOM_PIXELS;
  }

  /** Somebody scrolled up, and the event that tells so has not come yet. */
  get wasScrolledUp() {
    return this.scroller.scrollTop < this.#knownTop - 1;
  }

  toBottom() {
    this.#moveTo(this.scroller.scrollHeight);
  }

  /** Where the view is now is where somebody wants it. */
  scrolled() {
    if (Math.abs(this.scroller.scrollTop - this.#knownTop) > 1) this.#day.show();
    this.#day.mark();
    this.#knownTop = this.scroller.scrollTop;
  }

  /** Shows an element a quarter down, unless it is in view. @param {Element} element */
  show(element) {
    const above = element.getBoundingClientRect().top - this.scroller.getBoundingClientRect().top;
    const isInView = above >= 0 && above < this.scroller.clientHeight;
    if (!isInView) this.#moveTo(this.above + above - this.scroller.clientHeight / 4);
  }

  /** The first row in view. @returns {Anchor | null} */
  anchor() {
    const edge = this.scroller.getBoundingClientRect().top;
    for (const row of this.scroller.querySelectorAll(".row")) {
      const { top, bottom } = row.getBoundingClientRect();
      const key = /** @type {HTMLElement} */ (row).dataset.key ?? "";
      if (bottom > edge) return { key, top };
    }
    return null;
  }

  /** The key of the last row of which enough is in view to read it. */
  get lastKey() {
    const edge = this.scroller.getBoundingClientRect().bottom;
    const rows = /** @type {HTMLElement[]} */ ([...this.scroller.querySelectorAll(".row")]);
    return rows.findLast((row) => {
      const { top, bottom } = row.getBoundingClientRect();
      return Math.min(bottom, top + READABLE_PIXELS) <= edge + 1;
    })?.dataset.key;
  }

  /** Puts a row back where it was. @param {Anchor} anchor */
  hold({ key, top }) {
    const row = this.scroller.querySelector(`[data-key="${CSS.escape(key)}"]`);
    const moved = row ? row.getBoundingClientRect().top - top : 0;
    if (moved !== 0) this.#moveTo(this.above + moved);
  }

  /** @param {number} top */
  #moveTo(top) {
    this.scroller.scrollTop = top;
    this.#knownTop = this.scroller.scrollTop;
  }
}
