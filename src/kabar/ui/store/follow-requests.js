// Who asks to follow the signed-in user, and what they answer.

import { call, unmissed } from "../common/api.js";
import { OfUser } from "./of-user.js";
import { people } from "./people.js";
import { session } from "./session.js";

/** @typedef {import("../common/types").Person} Person */

class FollowRequests extends OfUser {
  total = 0;
  /** @type {string | null} */
  cursor = null;
  /** @type {Map<string, Person>} */
  #asking = new Map();

  /** The newest first. */
  get list() {
    return [...this.#asking.values()];
  }

  async refresh() {
    this.#asking.clear();
    await this.#page(null);
  }

  async loadMore() {
    await this.#page(this.cursor);
  }

  /** @param {Person} person */
  async accept(person) {
    await this.#answer(person, "accept");
    people.follows(person.id);
    unmissed(session.refresh());
  }

  /** @param {Person} person */
  async reject(person) {
    await this.#answer(person, "reject");
  }

  handlers() {
    const gone = (/** @type {any} */ { userId }) => this.#forget(userId);
    return {
      "user-blocked": gone,
      "follow-requested": (/** @type {any} */ { userId, ...shown }) => {
        if (this.#asking.has(userId)) return;
        this.total += 1;
        this.#asking = new Map([[userId, { id: userId, ...shown }], ...this.#asking]);
        this.changed();
      },
      "follow-request-withdrawn": (/** @type {any} */ { userId }) => {
        this.#forget(userId);
        // In another tab it may have been accepted.
        unmissed(session.refresh());
      },
      "follow-accepted": (/** @type {any} */ { userId }) => {
        people.accepted(userId);
        unmissed(session.refresh());
      },
    };
  }

  /** @param {Person} person @param {"accept" | "reject"} how */
  async #answer(person, how) {
    try {
      await call("POST", `api/follow-requests/${encodeURIComponent(person.id)}/${how}`);
    } catch (error) {
      // Taken back meanwhile, or answered elsewhere.
      if (/** @type {any} */ (error).status !== 404) throw error;
    }
    this.#forget(person.id);
  }

  /** @param {string} userId */
  #forget(userId) {
    if (!this.#asking.delete(userId)) return;
    this.total -= 1;
    this.changed();
  }

  /** @param {string | null} cursor */
  async #page(cursor) {
    const page = await call("GET", "api/follow-requests", { query: { cursor } });
    for (const { user } of page.requests) {
      people.learn(user);
      this.#asking.set(user.id, user);
    }
    this.total = page.total;
    this.cursor = page.nextCursor;
    this.changed();
  }
}

export const followRequests = new FollowRequests();
