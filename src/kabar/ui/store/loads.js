// Loads each thing once at a time; what failed is loaded again only when somebody asks for it.

export class Loads {
  /** @type {Map<string, Promise<void>>} */
  #running = new Map();
  /** @type {Set<string>} */
  #failed = new Set();

  get isBusy() {
    return this.#running.size > 0;
  }

  /** @param {string} name */
  hasFailed(name) {
    return this.#failed.has(name);
  }

  /** What failed may be tried again. */
  forgive() {
    this.#failed.clear();
  }

  /**
   * Not again by itself after it failed: a page must not hammer a server that is in trouble.
   * @param {string} name
   * @param {() => Promise<boolean>} work answers whether it went well
   * @param {() => void} changed
   */
  async run(name, work, changed) {
    if (this.#failed.has(name)) return;
    if (this.#running.has(name)) return this.#running.get(name);
    const running = work().then((well) => {
      if (!well) this.#failed.add(name);
    });
    this.#running.set(name, running);
    changed();
    await running;
    this.#running.delete(name);
    changed();
  }
}
