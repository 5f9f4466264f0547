// A number of a room is missing: when is it asked for, and how often at most?

/** Events may overtake each other a little. */
const PATIENCE_MILLISECONDS = 1_000;
const MOST_PATIENCE_MILLISECONDS = 60_000;

export class Holes {
  #patience = PATIENCE_MILLISECONDS;
  #timer = 0;
  #isAsking = false;

  /**
   * @param {() => boolean} isThere
   * @param {() => Promise<boolean>} fill asks for what is missing; the answer: whether something was
   */
  constructor(isThere, fill) {
    this.isThere = isThere;
    this.fill = fill;
  }

  /** Something was said. */
  look() {
    if (!this.isThere()) {
      clearTimeout(this.#timer);
      this.#timer = 0;
    } else if (!this.#timer && !this.#isAsking) {
      this.#timer = setTimeout(() => this.#fill(), this.#patience);
    }
  }

  /** Where asking brings nothing, one asks ever more seldom. */
  async #fill() {
    this.#timer = 0;
    this.#isAsking = true;
    const isFilled = await this.fill();
    this.#isAsking = false;
    this.#patience = isFilled
      ? PATIENCE_MILLISECONDS
      : Math.min(this.#patience * 2, MOST_PATIENCE_MILLISECONDS);
    this.look();
  }
}
