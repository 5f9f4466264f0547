// Whom one may mention in a room.

import { unmissed } from "../common/api.js";
import { mayMentionAll } from "../common/mentioning.js";
import { groups } from "./groups.js";
import { rooms } from "./rooms.js";

const MOST_PEOPLE = 8;

/**
 * Those who are called so. A name may be written out, too: nobody misses who could not be asked for.
 * @param {string} roomId
 * @param {string} query
 * @returns {Promise<{people: import("../common/types").Person[], all: boolean}>}
 */
export async function mentionable(roomId, query) {
  /** @type {import("../common/types").Person[]} */
  let others = [];
  const ask = async () => {
    const { participants } = await groups.participants(roomId, query, null);
    others = participants.map(({ user }) => user).filter(({ id }) => id !== rooms.userId);
  };
  await unmissed(ask());
  const all = "room".startsWith(query.toLowerCase()) && mayMentionAll(rooms.find(roomId));
  return { people: others.slice(0, MOST_PEOPLE), all };
}
