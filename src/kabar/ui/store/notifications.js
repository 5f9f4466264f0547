// The notifications of who is signed in, and how many are new.

import { call } from "../common/api.js";
import { OfUser } from "./of-user.js";
import { session } from "./session.js";

/** @typedef {import("../common/types").Notification} Notification */

const SOON_MILLISECONDS = 300;

class Notifications extends OfUser {
  loaded = false;
  unseen = 0;
  unread = 0;
  /** @type {string | null} */
  cursor = null;
  /** @type {Map<string, Notification>} */
  #items = new Map();
  #timer = 0;
  /** Of the counts that are shown. */
  #version = 0;

  get list() {
    return [...this.#items.values()].sort(
      (one, other) => moment(other).localeCompare(moment(one)) || (one.id < other.id ? 1 : -1),
    );
  }

  catchUp() {
    // A server that was set up anew may count from the start: the first answer is taken as it is.
    this.#version = 0;
    return super.catchUp();
  }

  async refresh() {
    await this.#page({});
    this.loaded = true;
    this.changed();
  }

  async loadMore() {
    if (this.cursor) await this.#page({ cursor: this.cursor });
  }

  /** The bell falls silent when the list was opened. */
  async see() {
    if (this.unseen === 0) return;
    this.unseen = 0;
    this.changed();
    this.#count(await call("POST", "api/notifications/seen"));
  }

  /** @param {Notification} notification */
  async read(notification) {
    if (notification.readAt) return;
    this.#items.set(notification.id, { ...notification, readAt: new Date().toISOString() });
    this.changed();
    this.#count(await call("POST", `api/notifications/${notification.id}/read`));
  }

  async readAll() {
    const readAt = new Date().toISOString();
    for (const [id, item] of this.#items) {
      this.#items.set(id, { ...item, readAt: item.readAt ?? readAt });
    }
    this.changed();
    this.#count(await call("POST", "api/notifications/read-all"));
  }

  handlers() {
    const moved = () => session.refresh().catch(() => {});
    return {
      "new-notification": (/** @type {any} */ data) => {
        const notification = data.notification ?? data;
        this.#items.set(notification.id, notification);
        this.#count(data);
      },
      // Of a run of messages only the first is a notification: the rest is told by the chat bell.
      "new-message": (/** @type {import("../common/types").Bell} */ bell) => this.#ring(bell),
      // Read, seen or taken back, here or elsewhere.
      "notifications-updated": (/** @type {import("../common/types").NotificationCounts} */ counts) => {
        this.#count(counts);
        this.#refreshSoon();
      },
      "new-follower": moved,
      "user-unfollowed": moved,
    };
  }

  #refreshSoon() {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => super.catchUp(), SOON_MILLISECONDS);
  }

  /** @param {import("../common/types").Bell} bell */
  #ring({ roomId, messageId, seq, senderId, senderName, content, unreadCount }) {
    const entry = [...this.#items.values()].find(({ data }) => data.roomId === roomId);
    if (!entry || entry.readAt || Number(entry.data.seq) >= seq) return;
    const actor = entry.actor?.id === senderId ? entry.actor : null;
    this.#items.set(entry.id, {
      ...entry,
      title: senderName,
      body: content,
      actor: actor ?? { id: senderId, name: senderName, username: "", avatar: null },
      count: unreadCount,
      data: { roomId, messageId, seq },
      updatedAt: new Date().toISOString(),
    });
    this.changed();
  }

  /** @param {{cursor?: string}} query */
  async #page(query) {
    const page = await call("GET", "api/notifications", { query });
    for (const item of page.notifications) this.#items.set(item.id, item);
    if (query.cursor || !this.loaded) this.cursor = page.nextCursor;
    this.#count(page);
  }

  /** @param {Partial<import("../common/types").NotificationCounts>} counts */
  #count({ unreadCount = this.unread, unseenCount = this.unseen, version = this.#version }) {
    // Events and answers come by different roads: an older count does not replace a newer one.
    if (version < this.#version) return;
    this.#version = version;
    this.unread = unreadCount;
    this.unseen = unseenCount;
    this.changed();
  }
}

/** When it last counted up. @param {Notification} item */
const moment = (item) => item.updatedAt ?? item.createdAt;

export const notifications = new Notifications();
