// Of which rooms and threads the messages are held: those that somebody looks at, and a few that they looked at before.

import { RoomLog } from "./room-log.js";

/** What is held is also heard, so that it is as it is when somebody comes back to it. */
const MOST = 12;

export class HeldLogs {
  /** By the id of a room, or of what a thread hangs on; looked at last comes last. @type {Map<string, RoomLog>} */
  #logs = new Map();

  /** @param {(roomId: string, threadId: string) => RoomLog} make */
  constructor(make) {
    this.make = make;
  }

  /** That of the room itself. @param {string} roomId */
  find(roomId) {
    return this.#logs.get(roomId) ?? null;
  }

  /** Those of a room and of its threads. @param {string} roomId */
  of(roomId) {
    return this.all.filter((log) => log.roomId === roomId);
  }

  get all() {
    return [...this.#logs.values()];
  }

  /** Those that have something to keep right. */
  get ids() {
    return this.all.filter(({ isHeld }) => isHeld).map(({ roomId }) => roomId);
  }

  /** @param {string} roomId @param {string} threadId */
  get(roomId, threadId) {
    const key = threadId || roomId;
    const known = this.#logs.get(key);
    if (known) return known;
    const log = this.make(roomId, threadId);
    this.#logs.set(key, log);
    return log;
  }

  /** Somebody looks at it: others may be too many now. @param {RoomLog} log */
  lookedAt(log) {
    this.#logs.delete(keyOf(log));
    this.#logs.set(keyOf(log), log);
    const idle = this.all.filter(({ isIdle }) => isIdle);
    for (const each of idle.slice(0, Math.max(0, this.#logs.size - MOST))) {
      each.outgoing.end();
      this.#logs.delete(keyOf(each));
    }
  }
}

/** @param {RoomLog} log */
const keyOf = ({ roomId, threadId }) => threadId || roomId;
