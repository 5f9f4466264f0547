// What is told while an answer is on its way. The answer may be older than that: so it is told once
// more afterwards, and changes nothing where the answer knew it already.

export class Meanwhile {
  #running = 0;
  /** @type {(() => void)[]} */
  #told = [];

  /** @param {() => void} change what an event changes; doing it twice is doing it once */
  tell(change) {
    if (this.#running > 0) this.#told.push(change);
    change();
  }

  /** @template T @param {() => Promise<T>} work asks, and takes the answer over */
  async during(work) {
    this.#running += 1;
    try {
      return await work();
    } finally {
      this.#running -= 1;
      for (const change of this.#told) change();
      if (this.#running === 0) this.#told = [];
    }
  }
}
