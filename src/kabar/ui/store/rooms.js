// The conversations of who is signed in: their order, what is unread, and their logs.

import { call } from "../common/api.js";
import { shown } from "../common/files.js";
import { live } from "../live/live.js";
import { Asking } from "./asking.js";
import { blocks } from "./blocks.js";
import { HeardRooms, hearAgain } from "./heard-rooms.js";
import { OfUser } from "./of-user.js";
import { Renewals } from "./renewals.js";
import { counted, freshest } from "./room-news.js";
import { RoomLog } from "./room-log.js";
import { firstRooms, inOrder, pageOfRooms } from "./room-pages.js";
import { typists } from "./typing.js";

/**
 * @typedef {import("../common/types").Message} Message
 * @typedef {import("../common/types").Room} Room
 * @typedef {{roomId: string, userId: string}} Who
 */

/** In so many rooms of the list one sees who is typing. */
const HEARD_ROOMS = 15;
const COUNT_AGAIN_MILLISECONDS = 300;

class Rooms extends OfUser {
  loaded = false;
  /** @type {string | null} */
  cursor = null;
  /** The room somebody looks at right now: what arrives there is read. @type {string | null} */
  attended = null;

  #rooms = /** @type {Map<string, Room>} */ (new Map());
  #logs = /** @type {Map<string, RoomLog>} */ (new Map());
  #heard = new HeardRooms((roomId) => this.#handlersOf(roomId));
  #renewals = new Renewals((roomId) => this.#renew(roomId), () => this.changed());
  #total = 0;
  #counting = new Asking(() => this.#count());
  #countTimer = 0;

  constructor() {
    super();
    blocks.addEventListener("moved", () => void this.catchUp().then(() => this.#heard.again()));
  }

  /** Pinned first, then newest. */
  get list() {
    return inOrder(this.#rooms.values());
  }

  /** Messages not read, in rooms that are not muted. */
  get unread() {
    if (!this.loaded || this.cursor !== null) return this.#total;
    return this.list.reduce((sum, room) => sum + (room.me.isMuted ? 0 : room.me.unreadCount), 0);
  }

  /** @param {string} roomId */
  find(roomId) {
    return this.#rooms.get(roomId) ?? null;
  }

  /** @param {string} roomId */
  log(roomId) {
    const known = this.#logs.get(roomId);
    if (known) return known;
    const log = new RoomLog(roomId, this.userId ?? "", (message) => this.#heardSaid(message));
    this.#logs.set(roomId, log);
    return log;
  }

  catchUp() {
    // A server that was set up anew may count from the start: the first answer is taken as it is.
    for (const [id, room] of this.#rooms) {
      this.#rooms.set(id, { ...room, me: { ...room.me, version: 0 } });
    }
    this.#counting.ask();
    return super.catchUp();
  }

  /** As much of the list as was there; what it does not show any more is gone. */
  async refresh() {
    const before = new Map(this.#rooms);
    const { rooms: listed, cursor } = await firstRooms(before.size);
    for (const room of listed) this.#keep(room);
    this.cursor = cursor;
    this.loaded = true;
    const ids = new Set(listed.map(({ id }) => id));
    for (const id of before.keys()) {
      if (ids.has(id)) continue;
      // Somebody may look at one that is further down, or that they are no longer in.
      if (this.#logs.has(id)) this.reload(id);
      else this.#rooms.delete(id);
    }
    this.#hear();
    this.changed();
  }

  async loadMore() {
    if (!this.cursor) return;
    const page = await pageOfRooms(this.cursor);
    for (const room of page.conversations) this.#keep(room);
    this.cursor = page.nextCursor;
    this.#hear();
    this.changed();
  }

  /** The one conversation with somebody, or with oneself. @param {string} userId */
  async openDirect(userId) {
    const isMine = userId === this.userId;
    const path = isMine ? "api/chat/rooms/saved" : "api/chat/rooms/direct";
    return this.#put(await call("POST", path, isMine ? {} : { body: { userId } }));
  }

  /** A room, or null while it is asked for. @param {string} roomId */
  known(roomId) {
    const room = this.find(roomId);
    if (!room && !this.#renewals.knows(roomId)) this.reload(roomId);
    return room;
  }

  /** Fetches a room anew, until that went well. @param {string} roomId */
  reload(roomId) {
    return this.#renewals.ask(roomId);
  }

  /** Why a room is not known. @param {string} roomId */
  problemOf(roomId) {
    return this.#renewals.problem(roomId);
  }

  /** @param {string} roomId @param {{isPinned?: boolean, isMuted?: boolean}} changes */
  async change(roomId, changes) {
    await call("PATCH", `api/chat/rooms/${roomId}/me`, { body: changes });
    this.#update(roomId, (room) => ({ ...room, me: { ...room.me, ...changes } }));
  }

  /** Reads up to a message; the badge falls at once, and rises again if that is refused. */
  async markRead(/** @type {Message} */ { roomId, id, seq }) {
    const room = this.find(roomId);
    this.#read({ roomId, lastReadSeq: seq, unreadCount: room?.lastSeq === seq ? 0 : undefined });
    const body = { roomId, messageId: id };
    try {
      this.#read(await call("POST", "api/chat/read", { body }));
    } catch (error) {
      if (room) this.#unread(room, seq);
      throw error;
    }
  }

  handlers() {
    return {
      "new-message": (/** @type {import("../common/types").Bell} */ bell) => this.#ring(bell),
      "message-read": (/** @type {import("../common/types").ReadMark} */ mark) => this.#read(mark),
      "message-deleted": (/** @type {import("../common/types").Deletion} */ deletion) => {
        const { roomId, messageId, seq, scope, unreadCount } = deletion;
        this.#update(roomId, (room) => ({ ...room, me: counted(room.me, deletion) }));
        if (scope === "me") this.#logs.get(roomId)?.hide(messageId);
        const isUnread = seq > (this.find(roomId)?.me.lastReadSeq ?? 0);
        if (scope === "me" || (unreadCount === undefined && isUnread)) this.reload(roomId);
      },
      "room-updated": (/** @type {Partial<Room> & {roomId: string}} */ { roomId, me, ...changes }) => {
        this.#said(roomId, changes);
        if (me) this.#update(roomId, (room) => ({ ...room, me: { ...room.me, ...me } }));
      },
      "user-joined": (/** @type {Who} */ { roomId, userId }) => {
        this.reload(roomId);
        if (userId !== this.userId) return;
        live.again(`private-room-${roomId}`);
        this.#logs.get(roomId)?.catchUp();
      },
      "user-left": (/** @type {Who} */ who) => void (who.userId === this.userId && this.#forget(who.roomId)),
      "poll-voted": (/** @type {import("../common/types").PollNews} */ news) => void this.#logs.get(news.roomId)?.stand(news),
      "participant-updated": (/** @type {Who} */ { roomId }) => void this.reload(roomId),
    };
  }

  /** @param {import("../common/types").Bell} bell */
  #ring(bell) {
    typists.stopped(bell.roomId, bell.senderId);
    const known = this.find(bell.roomId);
    hearAgain(bell.roomId);
    this.#said(bell.roomId, {
      lastSeq: bell.seq,
      lastMessage: bell.content,
      lastMessageAt: bell.createdAt,
    });
    const { roomId, seq, version } = bell;
    if (!known || seq <= known.me.lastReadSeq) return; // read on, here or elsewhere
    let unreadCount = roomId === this.attended ? 0 : bell.unreadCount;
    if (seq === known.lastSeq + 1) unreadCount ??= known.me.unreadCount + 1;
    else if (unreadCount === undefined) this.reload(roomId);
    this.#update(roomId, (room) => ({ ...room, me: counted(room.me, { unreadCount, version }) }));
  }

  /** Also what I said on this page, of which no event comes back. @param {Message} message */
  #heardSaid({ roomId, seq, senderId, createdAt, system, ...said }) {
    if (system) return this.#said(roomId, { lastSeq: seq });
    const hides = blocks.has(senderId);
    const lastMessage = hides ? null : shown(said);
    this.#said(roomId, { lastSeq: seq, lastMessage, lastMessageAt: createdAt }, hides);
    if (senderId === this.userId) this.#read({ roomId, lastReadSeq: seq, unreadCount: 0 });
  }

  /** @param {string} roomId @param {Partial<Room>} changes @param {boolean} [isEndFolded] */
  #said(roomId, changes, isEndFolded = false) {
    const room = this.find(roomId);
    if (!room) this.reload(roomId);
    else if ((changes.lastSeq ?? room.lastSeq) >= room.lastSeq) {
      const me = changes.lastSeq === undefined ? room.me : { ...room.me, isEndFolded };
      this.#update(roomId, () => ({ ...room, ...changes, me }));
    }
  }

  /** @param {{roomId: string, lastReadSeq: number, unreadCount?: number, version?: number}} mark */
  #read({ roomId, lastReadSeq, ...counts }) {
    this.#update(roomId, (room) => {
      if (lastReadSeq < room.me.lastReadSeq) return room;
      return { ...room, me: { ...counted(room.me, counts), lastReadSeq } };
    });
  }

  /** As it was, unless more was read meanwhile. @param {Room} before @param {number} seq */
  #unread({ id, me: { lastReadSeq, unreadCount } }, seq) {
    this.#update(id, (room) => {
      if (room.me.lastReadSeq !== seq) return room;
      const count = Math.max(unreadCount, room.me.unreadCount);
      return { ...room, me: { ...room.me, lastReadSeq, unreadCount: count } };
    });
  }

  /** @param {string} roomId @param {(room: Room) => Room} change */
  #update(roomId, change) {
    const room = this.find(roomId);
    if (room) this.#rooms.set(roomId, change(room));
    if (!room || this.cursor !== null) this.#countSoon();
    this.changed();
  }

  /** @param {string} roomId */
  async #renew(roomId) {
    try {
      this.#put(await call("GET", `api/chat/rooms/${roomId}`));
    } catch (error) {
      if (/** @type {any} */ (error).status === 404 && this.find(roomId)) this.#forget(roomId);
      throw error;
    }
  }

  /** @param {Room} room */
  #put(room) {
    this.#keep(room);
    this.#hear();
    this.changed();
    return room;
  }

  /** @param {Room} room */
  #keep(room) {
    this.#rooms.set(room.id, freshest(this.find(room.id), room));
  }

  /** @param {string} roomId */
  #forget(roomId) {
    this.#rooms.delete(roomId);
    this.#logs.get(roomId)?.catchUp();
    this.#hear();
    this.changed();
  }

  #hear = () => this.#heard.hear(this.list.slice(0, HEARD_ROOMS).map(({ id }) => id));

  /** @param {string} roomId @returns {import("../live/live.js").Handlers} */
  #handlersOf(roomId) {
    const isLast = (/** @type {{seq: number}} */ { seq }) => this.find(roomId)?.lastSeq === seq;
    return {
      "user-typing": (event) => typists.hear(event),
      "message-edited": (message) => {
        if (isLast(message)) this.#heardSaid(message);
      },
      "message-deleted": (deletion) => {
        if (isLast(deletion)) this.reload(roomId);
      },
      "room-updated": ({ by, ...changes }) => this.#said(roomId, changes),
      "user-joined": () => void this.reload(roomId),
      "user-left": ({ userId }) => void (userId === this.userId || this.reload(roomId)),
    };
  }

  #countSoon() {
    clearTimeout(this.#countTimer);
    this.#countTimer = window.setTimeout(() => this.#counting.ask(), COUNT_AGAIN_MILLISECONDS);
  }

  async #count() {
    this.#total = (await call("GET", "api/chat/unread")).total;
    this.changed();
  }
}

export const rooms = new Rooms();
