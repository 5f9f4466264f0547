// Tells when a new day begins: what says "Today" has to be drawn anew.

import { Store } from "./store.js";

class Today extends Store {
  #day = dayOf(new Date());

  constructor() {
    super();
    this.#wait();
    // A computer that slept through midnight, or a page that the browser did not let run.
    document.addEventListener("visibilitychange", () => this.#look());
    addEventListener("focus", () => this.#look());
  }

  #wait() {
    const now = new Date();
    const midnight = new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1);
    setTimeout(() => {
      this.#look();
      this.#wait();
    }, midnight.getTime() - now.getTime());
  }

  #look() {
    const day = dayOf(new Date());
    if (day === this.#day) return;
    this.#day = day;
    this.changed();
  }
}

/** @param {Date} moment */
const dayOf = (moment) => moment.toDateString();

export const today = new Today();
