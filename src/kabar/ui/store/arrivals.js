// Tells the server which messages have arrived on this device: who said them sees two ticks.

import { call, unmissed } from "../common/api.js";
import { rooms } from "./rooms.js";

/** What comes at once is told at once, and what is read meanwhile need not be told. */
const PAUSE_MILLISECONDS = 2_000;

class Arrivals {
  #timer = 0;
  /** Up to where it was told, by user and room. @type {Map<string, number>} */
  #told = new Map();

  #begun = false;

  /** Elements call it when they come onto a page; once is enough. */
  begin() {
    if (this.#begun) return;
    this.#begun = true;
    rooms.addEventListener("change", () => this.#tellSoon());
  }

  #tellSoon() {
    if (this.#timer || this.#due().length === 0) return;
    this.#timer = window.setTimeout(() => this.#tell(), PAUSE_MILLISECONDS);
  }

  /** Rooms of two people with something that was neither read nor told. */
  #due() {
    return rooms.all.filter(({ id, type, lastSeq, me }) => {
      if (type !== "DIRECT") return false;
      return lastSeq > Math.max(me.lastReadSeq, this.#told.get(this.#key(id)) ?? 0);
    });
  }

  async #tell() {
    for (const { id, lastSeq } of this.#due()) {
      this.#told.set(this.#key(id), lastSeq);
      // What could not be told is told with what arrives next, or with its being read.
      await unmissed(call("POST", "api/chat/delivered", { body: { roomId: id } }));
    }
    this.#timer = 0;
    this.#tellSoon();
  }

  /** @param {string} roomId */
  #key(roomId) {
    return `${rooms.userId} ${roomId}`;
  }
}

export const arrivals = new Arrivals();
