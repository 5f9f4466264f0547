// Whom I mute, and until when: a mute ends on the page too when its time comes.

import { call, unmissed } from "../common/api.js";
import { everyPage } from "./every-page.js";
import { OfUser } from "./of-user.js";

/** @typedef {import("../common/types").User} User */

/** The longest that a browser's timer waits. */
const MOST_MILLISECONDS = 2 ** 31 - 1;

/** Fires "ended" when the time of a mute has come: there may be something unread again. */
class Mutes extends OfUser {
  /** Newest first. @type {Map<string, User>} */
  #muted = new Map();
  #timer = 0;
  loaded = false;

  get list() {
    return [...this.#muted.values()].filter(lasts);
  }

  /** @param {string} userId @returns {User | null} */
  find(userId) {
    const user = this.#muted.get(userId);
    return user && lasts(user) ? user : null;
  }

  async refresh() {
    this.#muted = await everyPage("api/me/muted");
    this.loaded = true;
    this.#wait();
    this.changed();
  }

  /** @param {string} userId @param {number} [milliseconds] absent: until it is taken back */
  async mute(userId, milliseconds) {
    const until = milliseconds ? new Date(Date.now() + milliseconds).toISOString() : null;
    await call("PUT", pathOf(userId), { body: { until } });
    await this.refresh();
  }

  /** @param {string} userId */
  async unmute(userId) {
    await call("DELETE", pathOf(userId));
    await this.refresh();
  }

  handlers() {
    const moved = () => unmissed(this.refresh());
    return { "user-muted": moved, "user-unmuted": moved };
  }

  #wait() {
    clearTimeout(this.#timer);
    const ends = this.list.flatMap(({ mutedUntil }) => (mutedUntil ? [Date.parse(mutedUntil)] : []));
    if (ends.length === 0) return;
    const wait = Math.min(Math.min(...ends) - Date.now(), MOST_MILLISECONDS);
    this.#timer = window.setTimeout(() => this.#end(), Math.max(wait, 0));
  }

  #end() {
    this.changed();
    this.#wait();
    this.dispatchEvent(new Event("ended"));
  }
}

/** @param {User} user */
const lasts = ({ mutedUntil }) => !mutedUntil || Date.parse(mutedUntil) > Date.now();

/** @param {string} userId */
const pathOf = (userId) => `api/users/${encodeURIComponent(userId)}/mute`;

export const mutes = new Mutes();
