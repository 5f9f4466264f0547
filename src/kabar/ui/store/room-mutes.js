// Which rooms are muted now, and when the next of their mutes ends: that nobody tells.

/** @typedef {import("../common/types").Room} Room */

/** The longest that a browser's timer waits. */
const MOST_MILLISECONDS = 2 ** 31 - 1;
/** A clock here may be a little ahead of the server's, which is asked when a mute has ended. */
const GRACE_MILLISECONDS = 1_000;

/** @param {Room["me"]} me */
export const isMutedNow = ({ isMuted, mutedUntil }) =>
  isMuted && (!mutedUntil || Date.parse(mutedUntil) > Date.now());

/** Fires "ended" (detail: ids of rooms) when mutes have ended: the rooms count again, and may come back. */
class RoomMutes extends EventTarget {
  #timer = 0;

  /** Waits for the next end among these, and for no other. @param {Room[]} rooms */
  watch(rooms) {
    clearTimeout(this.#timer);
    const ends = rooms.filter(({ me }) => me.mutedUntil && isMutedNow(me)).map(endOf);
    if (ends.length === 0) return;
    const next = Math.min(...ends);
    const wait = Math.min(next + GRACE_MILLISECONDS - Date.now(), MOST_MILLISECONDS);
    this.#timer = window.setTimeout(() => this.#end(rooms, next), wait);
  }

  /** @param {Room[]} rooms @param {number} next */
  #end(rooms, next) {
    if (Date.now() < next) return this.watch(rooms);
    const ended = rooms.filter((room) => endOf(room) >= next && !isMutedNow(room.me));
    this.dispatchEvent(new CustomEvent("ended", { detail: ended.map(({ id }) => id) }));
  }
}

/** @param {Room} room */
const endOf = ({ me }) => Date.parse(me.mutedUntil ?? "");

export const roomMutes = new RoomMutes();
