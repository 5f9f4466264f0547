// How much is unread in all rooms together, as the server counts it: where not all of them are here.

import { call } from "../common/api.js";
import { Asking } from "./asking.js";

const AGAIN_MILLISECONDS = 300;

export class UnreadTotal {
  count = 0;
  #asking = new Asking(() => this.#ask());
  #timer = 0;

  /** @param {() => void} changed */
  constructor(changed) {
    this.changed = changed;
  }

  ask() {
    return this.#asking.ask();
  }

  /** Once for all that happens within a moment. */
  askSoon() {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.ask(), AGAIN_MILLISECONDS);
  }

  async #ask() {
    this.count = (await call("GET", "api/chat/unread")).total;
    this.changed();
  }
}
