// Finding people, and whom I follow: all buttons for one person show the same.

import { call, unmissed } from "../common/api.js";
import { Store } from "../common/store.js";

/** @typedef {import("../common/types").FollowState} FollowState */

/** Looked at in one go; then somebody asks for more. */
const MOST_PAGES = 20;

class People extends Store {
  /** @type {Map<string, FollowState>} */
  #states = new Map();

  /** @param {string} userId @returns {FollowState | null} */
  state(userId) {
    return this.#states.get(userId) ?? null;
  }

  /** What was known of a person is no longer so. @param {string} userId */
  forget(userId) {
    if (this.#states.delete(userId)) this.changed();
  }

  /** @param {string} userId */
  async removeFollower(userId) {
    await call("DELETE", `api/users/${encodeURIComponent(userId)}/follower`);
    this.#move(userId, { followedBy: false });
  }

  /** What an answer of the server says about a person. @param {import("../common/types").User} user */
  learn(user) {
    if (!user.relationship) return;
    const { followersCount, acceptsFollows, relationship } = user;
    this.#states.set(user.id, { followersCount, acceptsFollows, ...relationship });
    this.changed();
  }

  /** @param {string} userId */
  async load(userId) {
    if (!this.#states.has(userId)) this.#put(userId, await call("GET", followPath(userId)));
  }

  /** @param {string} userId */
  async follow(userId) {
    this.#put(userId, await call("PUT", followPath(userId)));
  }

  /** @param {string} userId */
  async unfollow(userId) {
    this.#put(userId, await call("DELETE", followPath(userId)));
  }

  /** They let me follow them. @param {string} userId */
  accepted(userId) {
    this.#move(userId, { following: true, requested: false });
  }

  /** I let them follow me. @param {string} userId */
  follows(userId) {
    this.#move(userId, { followedBy: true });
  }

  /**
   * @param {string} query
   * @param {string | null} [cursor]
   * @returns {Promise<{users: import("../common/types").User[], nextCursor: string | null}>}
   */
  async search(query, cursor) {
    const params = { query, limit: 30 };
    let page = await call("GET", "api/users", { query: { ...params, cursor } });
    // A page may be empty before the last one: the server looks at so many, and no more.
    while (!page.users.length && page.nextCursor) {
      page = await call("GET", "api/users", { query: { ...params, cursor: page.nextCursor } });
    }
    for (const user of page.users) this.learn(user);
    return page;
  }

  /** @param {string} username @returns {Promise<import("../common/types").User>} */
  async find(username) {
    const answer = await call("GET", `api/users/@${encodeURIComponent(username)}`);
    const user = answer.user ?? answer;
    this.learn(user);
    return user;
  }

  /**
   * A page of who follows somebody, whom they follow, or whom I follow who follow them.
   * @param {string} userId
   * @param {"followers" | "following" | "mutuals"} which
   * @param {{cursor?: string | null, query?: string, filter?: string, limit?: number}} asked
   */
  async connections(userId, which, asked = {}) {
    const path = `api/users/${encodeURIComponent(userId)}/${which}`;
    let page = await call("GET", path, { query: asked });
    // As of a search: of a long list each page looks at so many, and no more.
    for (let pages = 1; pages < MOST_PAGES && !page.users.length && page.nextCursor; pages += 1) {
      page = await call("GET", path, { query: { ...asked, cursor: page.nextCursor } });
    }
    for (const user of page.users) this.learn(user);
    return page;
  }

  /** Whom I may want to follow. @param {string | null} [cursor]
   * @returns {Promise<{users: import("../common/types").Suggestion[], nextCursor: string | null}>} */
  async suggestions(cursor) {
    const page = await call("GET", "api/users/suggestions", { query: { cursor, limit: 5 } });
    for (const user of page.users) this.learn(user);
    return page;
  }

  /** @param {string} userId */
  async dismiss(userId) {
    await call("DELETE", `api/users/suggestions/${encodeURIComponent(userId)}`);
  }

  /** The first of those I follow who follow somebody; of a hidden list there is nothing to say.
   * @param {string} userId @param {number} limit
   * @returns {Promise<{users: import("../common/types").User[], total: number} | void>} */
  async known(userId, limit) {
    const page = await unmissed(this.connections(userId, "mutuals", { limit }));
    return /** @type {any} */ (page);
  }

  /** Of somebody of whom nothing is known yet, all is asked for. @param {string} userId
   * @param {Partial<FollowState>} change */
  #move(userId, change) {
    const state = this.#states.get(userId);
    if (state) this.#put(userId, { ...state, ...change });
  }

  /** @param {string} userId @param {FollowState} state */
  #put(userId, state) {
    this.#states.set(userId, { ...this.#states.get(userId), ...state });
    this.changed();
  }
}

/** @param {string} userId */
const followPath = (userId) => `api/users/${encodeURIComponent(userId)}/follow`;

export const people = new People();
