// Whom I block: their profile says so, and in common rooms what they say is folded away.

import { call, unmissed } from "../common/api.js";
import { everyPage } from "./every-page.js";
import { OfUser } from "./of-user.js";
import { people } from "./people.js";
import { session } from "./session.js";

/** @typedef {import("../common/types").User} User */

/** Fires "moved" when somebody is blocked, or no longer: what rooms show is another thing then. */
class Blocks extends OfUser {
  /** Newest first. @type {Map<string, User>} */
  #blocked = new Map();
  loaded = false;

  get list() {
    return [...this.#blocked.values()];
  }

  /** @param {string} userId */
  has(userId) {
    return this.#blocked.has(userId);
  }

  async refresh() {
    this.#blocked = await everyPage("api/me/blocked");
    this.loaded = true;
    this.changed();
  }

  /** @param {string} userId */
  async block(userId) {
    await call("PUT", pathOf(userId));
    await this.#moved(userId);
  }

  /** @param {string} userId */
  async unblock(userId) {
    await call("DELETE", pathOf(userId));
    await this.#moved(userId);
  }

  handlers() {
    const moved = (/** @type {{userId: string}} */ { userId }) => unmissed(this.#moved(userId));
    return { "user-blocked": moved, "user-unblocked": moved };
  }

  /** @param {string} userId */
  async #moved(userId) {
    people.forget(userId);
    await this.refresh();
    this.dispatchEvent(new Event("moved"));
    // Who followed me, or whom I followed, may be one less.
    unmissed(session.refresh());
  }
}

/** @param {string} userId */
const pathOf = (userId) => `api/users/${encodeURIComponent(userId)}/block`;

export const blocks = new Blocks();
