// Loads each thing once at a time; what failed is loaded again only when somebody asks for it.

import { Problem } from "../common/api.js";

export class Loads {
  /** @type {Map<string, Promise<void>>} */
  #running = new Map();
  /** @type {Map<string, Problem>} */
  #failed = new Map();

  get isBusy() {
    return this.#running.size > 0;
  }

  /** Why something could not be loaded. @param {string} name */
  problem(name) {
    return this.#failed.get(name) ?? null;
  }

  /** What failed may be tried again. */
  forgive() {
    this.#failed.clear();
  }

  /**
   * Not again by itself after it failed: a page must not hammer a server that is in trouble.
   * @param {string} name
   * @param {() => Promise<void>} work
   * @param {() => void} changed
   */
  async run(name, work, changed) {
    if (this.#failed.has(name)) return;
    if (this.#running.has(name)) return this.#running.get(name);
    const running = work().catch((error) => {
      if (!(error instanceof Problem)) throw error;
      this.#failed.set(name, error);
    });
    this.#running.set(name, running);
    changed();
    try {
      await running;
    } finally {
      this.#running.delete(name);
      changed();
    }
  }
}
