// The rooms at the top of the list, which one hears without having them open.

import { live } from "../live/live.js";

export class HeardRooms {
  #stops = /** @type {Map<string, () => void>} */ (new Map());

  /** @param {(roomId: string) => import("../live/live.js").Handlers} handlersOf */
  constructor(handlersOf) {
    this.handlersOf = handlersOf;
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
      this.#stops.set(roomId, live.listen(channelOf(roomId), this.handlersOf(roomId)));
    }
  }

  /** Asks for those again that one may hear by now. */
  again() {
    for (const roomId of this.#stops.keys()) hearAgain(roomId);
  }
}

/** Who blocked me and no longer does, lets me hear our room again: nobody tells me.
 * @param {string} roomId */
export function hearAgain(roomId) {
  const channel = channelOf(roomId);
  if (!live.isSubscribed(channel)) live.again(channel);
}

/** @param {string} roomId */
const channelOf = (roomId) => `private-room-${roomId}`;
