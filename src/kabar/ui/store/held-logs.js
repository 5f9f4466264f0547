// Of which rooms the messages are held: those that somebody looks at, and a few that they looked at before.

import { RoomLog } from "./room-log.js";

/** What is held is also heard, so that it is as it is when somebody comes back to it. */
const MOST = 12;

export class HeldLogs {
  /** Looked at last comes last. @type {Map<string, RoomLog>} */
  #logs = new Map();

  /** @param {(roomId: string) => RoomLog} make */
  constructor(make) {
    this.make = make;
  }

  /** @param {string} roomId */
  find(roomId) {
    return this.#logs.get(roomId) ?? null;
  }

  get all() {
    return [...this.#logs.values()];
  }

  /** Those that have something to keep right. */
  get ids() {
    return this.all.filter(({ isHeld }) => isHeld).map(({ roomId }) => roomId);
  }

  /** @param {string} roomId */
  get(roomId) {
    const known = this.find(roomId);
    if (known) return known;
    const log = this.make(roomId);
    this.#logs.set(roomId, log);
    return log;
  }

  /** Somebody looks at it: others may be too many now. @param {RoomLog} log */
  lookedAt(log) {
    this.#logs.delete(log.roomId);
    this.#logs.set(log.roomId, log);
    const idle = this.all.filter(({ isIdle }) => isIdle);
    for (const each of idle.slice(0, Math.max(0, this.#logs.size - MOST))) {
      each.outgoing.end();
      this.#logs.delete(each.roomId);
    }
  }
}
