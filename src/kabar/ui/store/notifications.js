// The notifications of who is signed in, and how many are new.

import { call, unmissed } from "../common/api.js";
import { Asking } from "./asking.js";
import { mutes } from "./mutes.js";
import { OfUser } from "./of-user.js";
import { roomMutes } from "./room-mutes.js";
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
  #seeing = new Asking(() =>
    this.#tell("seen", () => {
      this.unseen = 0;
    }),
  );
  /** Of the counts: those of an older one come late. */
  #version = 0;

  get list() {
    return [...this.#items.values()].sort(
      (one, other) => moment(other).localeCompare(moment(one)) || (one.id < other.id ? 1 : -1),
    );
  }

  constructor() {
    super();
    for (const each of [mutes, roomMutes]) {
      each.addEventListener("ended", () => this.#refreshSoon());
    }
  }

  begin() {
    super.begin();
    mutes.begin();
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

  /** The bell falls silent when the list was opened; where that is refused, not again and again. */
  see() {
    const { isRunning, problem } = this.#seeing;
    if (this.unseen > 0 && !isRunning && !problem) this.#seeing.ask();
  }

  /** @param {Notification} notification */
  async read(notification) {
    if (notification.readAt) return;
    await this.#tell(`${notification.id}/read`, () => {
      this.#items.set(notification.id, { ...notification, readAt: new Date().toISOString() });
    });
  }

  async readAll() {
    const readAt = new Date().toISOString();
    await this.#tell("read-all", () => {
      for (const [id, item] of this.#items) {
        this.#items.set(id, { ...item, readAt: item.readAt ?? readAt });
      }
    });
  }

  handlers() {
    const moved = () => unmissed(session.refresh());
    return {
      "new-notification": (/** @type {any} */ data) => {
        const notification = data.notification ?? data;
        this.#items.set(notification.id, notification);
        this.#count(data);
        if (data.unreadCount === undefined) this.#refreshSoon();
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

  /**
   * Shows at once what the server is told; what it refuses is taken back.
   * @param {string} what
   * @param {() => void} change
   */
  async #tell(what, change) {
    const { unread, unseen } = this;
    const items = new Map(this.#items);
    change();
    this.changed();
    try {
      this.#count(await call("POST", `api/notifications/${what}`));
    } catch (error) {
      this.#items = items;
      Object.assign(this, { unread, unseen });
      this.catchUp(); // an event may have come meanwhile
      this.changed();
      throw error;
    }
  }

  #refreshSoon() {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => super.catchUp(), SOON_MILLISECONDS);
  }

  /** @param {import("../common/types").Bell} bell */
  #ring({ roomId, messageId, seq, senderId, senderName, content, createdAt, unreadCount }) {
    if (mutes.find(senderId)) return;
    const entry = [...this.#items.values()].find(({ data }) => data.roomId === roomId);
    if (!entry || entry.readAt || Number(entry.data.seq) >= seq) return;
    const actor = entry.actor?.id === senderId ? entry.actor : null;
    this.#items.set(entry.id, {
      ...entry,
      title: senderName,
      body: content,
      actor: actor ?? { id: senderId, name: senderName, username: "", avatar: null },
      count: unreadCount ?? entry.count + 1,
      data: { roomId, messageId, seq },
      updatedAt: createdAt,
    });
    this.changed();
  }

  /** @param {{cursor?: string}} query */
  async #page(query) {
    const before = [...this.#items.values()];
    const page = await call("GET", "api/notifications", { query });
    if (!query.cursor) this.#forgetMissing(before, page);
    for (const item of page.notifications) this.#items.set(item.id, item);
    if (query.cursor || !this.loaded) this.cursor = page.nextCursor;
    this.#count(page);
  }

  /**
   * What a first page would have to show, and does not, was archived or removed elsewhere.
   * @param {Notification[]} before
   * @param {{notifications: Notification[], nextCursor: string | null}} page
   */
  #forgetMissing(before, { notifications, nextCursor }) {
    const there = new Set(notifications.map(({ id }) => id));
    const last = notifications.at(-1);
    for (const item of before) {
      const isBehind = nextCursor && last && moment(item) <= moment(last);
      if (!isBehind && !there.has(item.id)) this.#items.delete(item.id);
    }
  }

  /** @param {Partial<import("../common/types").NotificationCounts>} counts */
  #count({ unreadCount = this.unread, unseenCount = this.unseen, version = this.#version }) {
    if (version < this.#version) return; // overtaken by a newer one
    this.#version = version;
    this.unread = unreadCount;
    this.unseen = unseenCount;
    this.changed();
  }
}

/** When it last counted up. @param {Notification} item */
const moment = (item) => item.updatedAt ?? item.createdAt;

export const notifications = new Notifications();
