// The list of conversations: its pages, and its order.

import { call } from "../common/api.js";

/** @typedef {import("../common/types").Room} Room */

/** Of a long list no more is fetched anew after an absence. */
const MOST = 100;

/**
 * @param {string | null} cursor
 * @param {boolean} isArchived of those that are put away
 * @returns {Promise<{conversations: Room[], nextCursor: string | null}>}
 */
export const pageOfRooms = (cursor, isArchived) =>
  call("GET", "api/messages", { query: { cursor, filter: isArchived ? "archived" : null } });

/**
 * The list from its start, until there are so many, or very many.
 * @param {number} wanted
 * @param {boolean} isArchived
 * @returns {Promise<{rooms: Room[], cursor: string | null}>}
 */
export async function firstRooms(wanted, isArchived) {
  /** @type {Room[]} */
  const rooms = [];
  /** @type {string | null} */
  let cursor = null;
  do {
    const page = await pageOfRooms(cursor, isArchived);
    rooms.push(...page.conversations);
    cursor = page.nextCursor;
  } while (cursor && rooms.length < Math.min(wanted, MOST));
  return { rooms, cursor };
}

/** Pinned first, then newest. @param {Iterable<Room>} rooms */
export const inOrder = (rooms) =>
  [...rooms].sort(
    (one, other) =>
      Number(other.me.isPinned) - Number(one.me.isPinned) ||
      moment(other).localeCompare(moment(one)),
  );

/** @param {Room} room */
const moment = (room) => room.lastMessageAt ?? room.createdAt;
