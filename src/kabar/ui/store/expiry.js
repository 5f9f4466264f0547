// What disappears of a room, by this page's own clock and by what it is told.

/** @typedef {import("./timeline.js").Timeline} Timeline */

/** A timer takes no more: it is looked at again then. */
const LONGEST_MILLISECONDS = 2 ** 31 - 1;

export class Expiry {
  #timer = 0;
  #timeline;
  #pins;
  #changed;

  /** @param {Timeline} timeline @param {import("./pins.js").Pins} pins @param {() => void} changed */
  constructor(timeline, pins, changed) {
    this.#timeline = timeline;
    this.#pins = pins;
    this.#changed = changed;
  }

  /** Looks at what is there: now, and when the next of it disappears. */
  look() {
    clearTimeout(this.#timer);
    const times = this.#timeline.messages.flatMap(({ expiresAt }) =>
      expiresAt ? [Date.parse(expiresAt)] : [],
    );
    if (times.length === 0) return;
    const wait = Math.min(...times) - Date.now();
    if (wait <= 0) this.of(this.#seqsOver());
    else this.#timer = window.setTimeout(() => this.look(), Math.min(wait, LONGEST_MILLISECONDS));
  }

  /** These have disappeared. @param {number[]} seqs */
  of(seqs) {
    const gone = this.#timeline.messages.filter(({ seq }) => seqs.includes(seq));
    this.#timeline.expire(seqs);
    for (const { id } of gone) this.#pins.changedOf(id);
    this.#changed();
    this.look();
  }

  #seqsOver() {
    const now = Date.now();
    return this.#timeline.messages
      .filter(({ expiresAt }) => expiresAt && Date.parse(expiresAt) <= now)
      .map(({ seq }) => seq);
  }
}
