// What is done with a group, and the lists of it that only its panel shows.

import { call } from "../common/api.js";
import { rooms } from "./rooms.js";

/**
 * @typedef {import("../common/types").Room} Room
 * @typedef {import("../common/types").Role} Role
 */

/** As many as are added in one call. */
const AT_ONCE = 100;

/** @param {string} roomId @param {string} rest */
const path = (roomId, rest = "") => `api/chat/rooms/${encodeURIComponent(roomId)}${rest}`;

/** @param {string} roomId @param {string} userId */
const participant = (roomId, userId) =>
  path(roomId, `/participants/${encodeURIComponent(userId)}`);

export const groups = {
  /** @param {string} name @param {string[]} participantIds @returns {Promise<Room>} */
  async make(name, participantIds) {
    const room = await call("POST", "api/chat/rooms", { body: { name, participantIds } });
    await rooms.reload(room.id);
    return room;
  },

  /** @param {string} roomId @param {Partial<Room>} changes */
  async change(roomId, changes) {
    await call("PATCH", path(roomId), { body: changes });
    await rooms.reload(roomId);
  },

  /** @param {string} roomId @param {string[]} userIds */
  async add(roomId, userIds) {
    for (let first = 0; first < userIds.length; first += AT_ONCE) {
      const some = userIds.slice(first, first + AT_ONCE);
      await call("POST", path(roomId, "/participants"), { body: { userIds: some } });
    }
  },

  /** @param {string} roomId @param {string} userId or "me" */
  async remove(roomId, userId) {
    await call("DELETE", participant(roomId, userId));
  },

  /** @param {string} roomId @param {string} userId or "me" @param {Role} role */
  async giveRole(roomId, userId, role) {
    await call("PATCH", participant(roomId, userId), { body: { role } });
  },

  /**
   * @param {string} roomId
   * @param {string} query
   * @param {string | null} cursor
   * @returns {Promise<{participants: import("../common/types").Participant[], nextCursor: string | null}>}
   */
  async participants(roomId, query, cursor) {
    const ask = (/** @type {string | null} */ from) =>
      call("GET", path(roomId, "/participants"), { query: { query, cursor: from } });
    let page = await ask(cursor);
    // A page may be empty before the last one: the server looks at so many, and no more.
    while (!page.participants.length && page.nextCursor) page = await ask(page.nextCursor);
    return page;
  },

  /** @param {string} roomId @returns {Promise<{joined: boolean, requested: boolean}>} */
  async join(roomId) {
    const answer = await call("POST", path(roomId, "/join"));
    if (answer.joined) await enter(roomId);
    return answer;
  },

  /** Asks no longer to come in. @param {string} roomId */
  async withdraw(roomId) {
    await call("DELETE", path(roomId, "/join"));
  },

  /** @param {string} roomId @returns {Promise<{user: import("../common/types").Person}[]>} */
  async requests(roomId) {
    return (await call("GET", path(roomId, "/join-requests"))).requests;
  },

  /** @param {string} roomId @param {string} userId @param {"accept" | "reject"} how */
  async answer(roomId, userId, how) {
    await call("POST", path(roomId, `/join-requests/${encodeURIComponent(userId)}/${how}`));
  },

  /** @param {string} roomId @returns {Promise<import("../common/types").Invite[]>} */
  async invites(roomId) {
    return (await call("GET", path(roomId, "/invites"))).invites;
  },

  /** @param {string} roomId @param {{expiresAt?: string, maxUses?: number}} draft */
  async invite(roomId, draft) {
    await call("POST", path(roomId, "/invites"), { body: draft });
  },

  /** @param {string} roomId @param {string} inviteId */
  async revoke(roomId, inviteId) {
    await call("DELETE", path(roomId, `/invites/${encodeURIComponent(inviteId)}`));
  },

  /** @param {string} code @returns {Promise<{id: string, name: string, avatar: string | null, participantsCount: number}>} */
  async invited(code) {
    return (await call("GET", `api/chat/invites/${encodeURIComponent(code)}`)).room;
  },

  /** @param {string} code @returns {Promise<Room>} */
  async accept(code) {
    const room = await call("POST", `api/chat/invites/${encodeURIComponent(code)}/accept`);
    await enter(room.id);
    return room;
  },

  /** @param {string} roomId @returns {Promise<import("../common/types").Ban[]>} */
  async bans(roomId) {
    return (await call("GET", path(roomId, "/bans"))).bans;
  },

  /** @param {string} roomId @param {string} userId */
  async ban(roomId, userId) {
    await call("PUT", path(roomId, `/bans/${encodeURIComponent(userId)}`), { body: {} });
  },

  /** @param {string} roomId @param {string} userId */
  async lift(roomId, userId) {
    await call("DELETE", path(roomId, `/bans/${encodeURIComponent(userId)}`));
  },
};

/** What was looked at in vain is there now. @param {string} roomId */
async function enter(roomId) {
  await rooms.reload(roomId);
  rooms.log(roomId).catchUp();
}
