// The two lists of rooms: those that one has before oneself, and those that one has put away.

import { firstRooms, pageOfRooms } from "./room-pages.js";

/**
 * @typedef {import("../common/types").Room} Room
 * @typedef {import("./conversations.js").Conversations} Conversations
 */

export class RoomLists {
  loaded = false;
  /** Where each goes on; null: it is here whole. @type {{open: string | null, archived: string | null}} */
  cursors = { open: null, archived: null };

  /** @param {Conversations} known */
  constructor(known) {
    this.known = known;
  }

  /** Pinned first, then newest. */
  get open() {
    return this.known.list.filter(({ me }) => !me.isArchived);
  }

  get archived() {
    return this.known.list.filter(({ me }) => me.isArchived);
  }

  /** As much of both as was there. @returns {Promise<string[]>} what neither shows any more */
  async refresh() {
    const before = this.known.ids;
    const isFirst = !this.loaded;
    const lists = [this.#refresh("open"), ...(isFirst ? [this.#refresh("archived")] : [])];
    const listed = (await Promise.all(lists)).flat();
    this.loaded = true;
    const left = before.filter((id) => !listed.includes(id));
    // Who has put nothing away, and misses nothing, costs no second question.
    if (isFirst || left.length === 0) return left;
    const archived = await this.#refresh("archived");
    return left.filter((id) => !archived.includes(id));
  }

  /** @param {boolean} isArchived */
  async more(isArchived) {
    const list = isArchived ? "archived" : "open";
    const cursor = this.cursors[list];
    if (!cursor) return;
    const page = await pageOfRooms(cursor, isArchived);
    for (const room of page.conversations) this.known.keep(room);
    this.cursors[list] = page.nextCursor;
  }

  /** @param {"open" | "archived"} list @returns {Promise<string[]>} the ids of its rooms */
  async #refresh(list) {
    const { rooms, cursor } = await firstRooms(this[list].length, list === "archived");
    for (const room of rooms) this.known.keep(room);
    this.cursors[list] = cursor;
    return rooms.map(({ id }) => id);
  }
}
