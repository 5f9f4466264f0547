// Asks for single things anew, each until it is known: two reasons to ask for one are one call.

import { Asking } from "./asking.js";

export class Renewals {
  /** @type {Map<string, Asking>} */
  #askings = new Map();

  /**
   * @param {(id: string) => Promise<void>} work
   * @param {() => void} changed
   */
  constructor(work, changed) {
    this.work = work;
    this.changed = changed;
  }

  /** @param {string} id */
  ask(id) {
    const asking = this.#askings.get(id) ?? new Asking(() => this.work(id), this.changed);
    this.#askings.set(id, asking);
    return asking.ask();
  }

  /** Whether it ever was asked for. @param {string} id */
  knows(id) {
    return this.#askings.has(id);
  }

  /** Why it is not known. @param {string} id */
  problem(id) {
    return this.#askings.get(id)?.problem ?? null;
  }
}
