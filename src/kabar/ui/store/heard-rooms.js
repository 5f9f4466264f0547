// The rooms that one hears: those at the top of the list, and those whose messages are held.

import { live } from "../live/live.js";

export class HeardRooms {
  #stops = /** @type {Map<string, () => void>} */ (new Map());
  /** What happened in them before they are heard is not known. */
  #unheard = /** @type {Set<string>} */ (new Set());

  /**
   * @param {(event: string, data: any) => void} tell
   * @param {string[]} events
   * @param {(roomId: string, isFirst: boolean) => void} ready a room is heard: for the first time, or again after an absence
   */
  constructor(tell, events, ready) {
    this.handlers = Object.fromEntries(
      events.map((event) => [event, (/** @type {any} */ data) => tell(event, data)]),
    );
    this.ready = ready;
  }

  /** Hears these, and no others. @param {string[]} roomIds */
  hear(roomIds) {
    const wanted = new Set(roomIds);
    for (const [roomId, stop] of this.#stops) {
      if (wanted.has(roomId)) continue;
      stop();
      this.#stops.delete(roomId);
    }
    for (const roomId of wanted) {
      if (this.#stops.has(roomId)) continue;
      this.#unheard.add(roomId);
      const ready = () => this.ready(roomId, this.#unheard.delete(roomId));
      this.#stops.set(roomId, live.listen(channelOf(roomId), this.handlers, ready));
    }
  }

  /** Subscribes anew to what one was cut off from, and may hear again. @param {string} roomId */
  anew(roomId) {
    if (!this.#stops.has(roomId)) return;
    this.#unheard.add(roomId);
    live.again(channelOf(roomId));
  }

  /** Who blocked me and no longer does, lets me hear our room again: nobody tells me.
   * @param {string} roomId */
  again(roomId) {
    if (!live.isSubscribed(channelOf(roomId))) this.anew(roomId);
  }

  /** Asks for those again that one may hear by now. */
  allAgain() {
    for (const roomId of this.#stops.keys()) this.again(roomId);
  }
}

/** @param {string} roomId */
const channelOf = (roomId) => `private-room-${roomId}`;
