// Asks what happened to my rooms since a moment: one call after an absence, and not one for each room.

import { call, Problem, unmissed } from "../common/api.js";

/**
 * @typedef {{type: string, roomId: string, data: any}} SyncEvent
 * @typedef {{events: SyncEvent[], next: string, stale: string[]}} Synced
 */

/** After so many events that were heard, or twice as many, a later moment is taken. */
const MANY = 50;
/** What was said before a moment has arrived by then, if the connection is the same. */
const ARRIVED_MILLISECONDS = 30_000;

export class Sync {
  /** From where to go on. @type {string | null} */
  #since = null;
  /** A later moment, and when it was taken. @type {{next: string, at: number} | null} */
  #later = null;
  #isTaking = false;
  #heard = 0;
  #limit = MANY;

  /**
   * @param {(event: SyncEvent) => void} tell
   * @param {(roomIds: string[] | null) => void} doubt hears of which rooms not all is told; null: nobody knows
   */
  constructor(tell, doubt) {
    this.tell = tell;
    this.doubt = doubt;
  }

  /** Tells what happened since the last time; the first time there is only a moment to go on from. */
  async ask() {
    this.cutOff();
    const since = this.#since;
    const { events, next, stale } = await this.#fetch(since);
    this.#goOn(next);
    for (const event of events) this.tell(event);
    if (since === null || stale.length > 0) this.doubt(since === null ? null : stale);
  }

  /**
   * An event was heard. From time to time a later moment is taken, so that a short absence has a
   * short answer after a long day. It counts when something is heard a while after it was taken:
   * until then what was said before it may still be on its way, over a connection that is dead.
   */
  heard() {
    this.#heard += 1;
    if (this.#later && Date.now() - this.#later.at > ARRIVED_MILLISECONDS) {
      this.#goOn(this.#later.next);
    } else if (this.#heard >= this.#limit && this.#since && !this.#later && !this.#isTaking) {
      unmissed(this.#take());
    }
  }

  /** What was heard until now was cut off: a moment that was taken meanwhile is worth nothing. */
  cutOff() {
    this.#later = null;
    this.#isTaking = false;
  }

  async #take() {
    this.#isTaking = true;
    try {
      const { next } = await call("GET", "api/chat/sync");
      if (this.#isTaking) this.#later = { next, at: Date.now() };
    } finally {
      this.#isTaking = false;
    }
  }

  /** @param {string} next */
  #goOn(next) {
    this.#since = next;
    this.#later = null;
    this.#heard = 0;
    // Not all pages that hear the same room at the same time.
    this.#limit = MANY * (1 + Math.random());
  }

  /** @param {string | null} since @returns {Promise<Synced>} */
  async #fetch(since) {
    try {
      return await call("GET", "api/chat/sync", { query: { since } });
    } catch (error) {
      // A server of another version may not know such a moment: the next try begins anew.
      if (error instanceof Problem && error.status === 400) this.#since = null;
      throw error;
    }
  }
}
