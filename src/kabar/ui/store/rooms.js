// The conversations of who is signed in: the list of them, what is unread, and the messages that are held.

import { call } from "../common/api.js";
import { live } from "../live/live.js";
import { blocks } from "./blocks.js";
import { Conversations } from "./conversations.js";
import { HeardRooms } from "./heard-rooms.js";
import { HeldLogs } from "./held-logs.js";
import { Meanwhile } from "./meanwhile.js";
import { OfUser } from "./of-user.js";
import { Renewals } from "./renewals.js";
import { ROOM_EVENTS } from "./room-events.js";
import { RoomLog } from "./room-log.js";
import { RoomLists } from "./room-lists.js";
import { isMutedNow, roomMutes } from "./room-mutes.js";
import { Sync } from "./sync.js";
import { typists } from "./typing.js";
import { UnreadTotal } from "./unread-total.js";
import { lookedAt } from "./watching.js";

/**
 * @typedef {import("../common/types").Message} Message
 * @typedef {import("../common/types").Room} Room
 * @typedef {Partial<Pick<Room["me"], "isPinned" | "isMuted" | "mutedUntil" | "isArchived" | "notify" | "draft">>} Choices
 */

/** So many rooms of the list are heard: there one sees who is typing. */
const HEARD_ROOMS = 15;

class Rooms extends OfUser {
  /** The room somebody looks at right now: what arrives there is read. @type {string | null} */
  attended = null;

  #known = new Conversations({
    me: () => this.userId,
    reload: (roomId) => void this.reload(roomId),
    changed: (room) => {
      if (!room || this.cursor !== null) this.#total.askSoon();
      this.changed();
    },
  });
  lists = new RoomLists(this.#known);
  #logs = new HeldLogs((roomId, threadId) => this.#makeLog(roomId, threadId));
  #heard = new HeardRooms(
    (event, data) => this.#tell(event, data),
    Object.keys(ROOM_EVENTS),
    (roomId, isFirst) => void (isFirst ? this.#doubt([roomId]) : this.ready()),
  );
  #sync = new Sync(
    ({ type, data }) => this.#change(type, data),
    (roomIds) => this.#doubt(roomIds),
  );
  /** There is a moment since which one hears, and so one to go on from. */
  #isHeard = false;
  /** @type {Promise<void> | null} */
  #comingBack = null;
  #meanwhile = new Meanwhile();
  #renewals = new Renewals((roomId) => this.#renew(roomId), () => this.changed());
  #total = new UnreadTotal(() => this.changed());

  constructor() {
    super();
    roomMutes.addEventListener("ended", (event) => {
      for (const id of /** @type {CustomEvent<string[]>} */ (event).detail) this.reload(id);
    });
    blocks.addEventListener("moved", () => void this.catchUp().then(() => this.#heard.allAgain()));
  }

  /** Pinned first, then newest; without those that are put away. */
  get list() {
    return this.lists.open;
  }

  /** With those. */
  get all() {
    return this.#known.list;
  }

  get loaded() {
    return this.lists.loaded;
  }

  get cursor() {
    return this.lists.cursors.open;
  }

  /** Messages not read, in rooms that are neither muted nor put away. */
  get unread() {
    if (!this.loaded || this.cursor !== null) return this.#total.count;
    return this.list.reduce((sum, room) => sum + (isMutedNow(room.me) ? 0 : room.me.unreadCount), 0);
  }

  find(/** @type {string} */ roomId) {
    return this.#known.find(roomId);
  }

  /** @param {string} roomId @param {string} [threadId] of a thread of it */
  log(roomId, threadId = "") {
    return this.#logs.get(roomId, threadId);
  }

  /** Heard again: once all is heard that may be, what was missed is asked for, in one question. */
  ready() {
    this.#isHeard = true;
    this.#sync.cutOff();
    this.#comingBack ??= this.#comeBack();
    return this.#comingBack;
  }

  catchUp() {
    this.#known.countAnew();
    if (!this.loaded || this.cursor !== null) this.#total.ask();
    return super.catchUp();
  }

  /** What happened in rooms whose messages are held, and the list. */
  async refresh() {
    await this.#meanwhile.during(() =>
      Promise.all([this.#list(), this.#isHeard && this.#sync.ask()]),
    );
  }

  changed() {
    roomMutes.watch(this.all);
    super.changed();
  }

  async loadMore(isArchived = false) {
    await this.lists.more(isArchived);
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

  /** Why a room is not known. */
  problemOf = (/** @type {string} */ roomId) => this.#renewals.problem(roomId);

  /** How I have it for myself. @param {string} roomId @param {Choices} choices */
  async change(roomId, choices) {
    const { me } = await call("PATCH", `api/chat/rooms/${roomId}/me`, { body: choices });
    const { isPinned, isMuted, mutedUntil, isArchived, notify } = me;
    const chosen = { isPinned, isMuted, mutedUntil, isArchived, notify };
    this.#known.updated({ roomId, me: "draft" in choices ? choices : chosen });
  }

  /** Reads up to a message; the badge falls at once, and rises again if that is refused. */
  async markRead(/** @type {Message} */ { roomId, id, seq }) {
    const room = this.find(roomId);
    const mine = { roomId, userId: this.userId ?? "" };
    const unreadCount = room?.lastSeq === seq ? 0 : undefined;
    this.#known.read({ ...mine, lastReadSeq: seq, unreadCount });
    const body = { roomId, messageId: id };
    try {
      this.#known.read({ ...mine, ...(await call("POST", "api/chat/read", { body })) });
    } catch (error) {
      if (room) this.#known.unread(room, seq);
      throw error;
    }
  }

  /** Lets it be unread from there on. */
  async markUnread(/** @type {Message} */ { roomId, id }) {
    const body = { roomId, messageId: id };
    this.#known.unreadFrom(await call("POST", "api/chat/unread", { body }));
  }

  /** Somebody has opened it. @param {string} roomId */
  attend = (roomId) => this.#known.attend(roomId);

  /** Reads a thread up to a message. */
  async markThreadRead(/** @type {string} */ threadId, /** @type {Message} */ { roomId, id }) {
    const state = await call("POST", "api/chat/read", { body: { roomId, threadId, messageId: id } });
    this.#tell("thread-read", { ...state, userId: this.userId });
  }

  handlers() {
    const names = Object.keys(ROOM_EVENTS);
    return {
      ...Object.fromEntries(
        names.map((name) => [name, (/** @type {any} */ data) => this.#tell(name, data)]),
      ),
      // On one's own channel it is the bell of a room.
      "new-message": (/** @type {import("../common/types").Bell} */ bell) => this.#ring(bell),
      "user-joined": (/** @type {{roomId: string, userId: string}} */ who) => {
        this.#tell("user-joined", who);
        // When I was removed, I was cut off from it.
        if (who.userId === this.userId) this.#heard.anew(who.roomId);
      },
    };
  }

  /** @param {import("../common/types").Bell} bell */
  #ring(bell) {
    const { roomId, senderId } = bell;
    typists.stopped(roomId, senderId);
    this.#heard.again(roomId);
    this.#known.ring(bell, roomId === this.attended);
  }

  /** Something happens. @param {string} event @param {any} data */
  #tell(event, data) {
    this.#sync.heard();
    this.#meanwhile.tell(() => {
      this.#change(event, data);
      ROOM_EVENTS[event].list?.(this.#known, data);
    });
  }

  /** What an event changes in the messages that are held. @param {string} event @param {any} data */
  #change(event, data) {
    const change = ROOM_EVENTS[event]?.log;
    if (!change) return;
    for (const each of this.#logs.of(data.roomId)) each.tell((log) => change(log, data));
  }

  /** @param {string[] | null} roomIds null: all that are held */
  #doubt(roomIds) {
    for (const log of this.#logs.all) {
      if (roomIds === null || roomIds.includes(log.roomId)) log.doubt();
    }
  }

  async #comeBack() {
    await live.whole();
    await lookedAt();
    this.#comingBack = null;
    await this.catchUp();
  }

  /** As much of the list as was there; what it does not show any more is gone. */
  async #list() {
    for (const id of await this.lists.refresh()) {
      // Somebody may look at one that is further down, or that they are no longer in.
      if (this.#logs.find(id)?.isOpen) this.reload(id);
      else this.#known.forget(id);
    }
    this.#hear();
    this.changed();
  }

  /** @param {string} roomId */
  async #renew(roomId) {
    try {
      this.#put(await call("GET", `api/chat/rooms/${roomId}`));
    } catch (error) {
      const isGone = /** @type {any} */ (error).status === 404;
      if (isGone && this.find(roomId)) this.#tell("user-left", { roomId, userId: this.userId });
      throw error;
    }
  }

  /** @param {Room} room */
  #put(room) {
    this.#known.keep(room);
    this.#hear();
    this.changed();
    return room;
  }

  /** @param {string} roomId @param {string} threadId */
  #makeLog(roomId, threadId) {
    const around = {
      lookedAt: (/** @type {RoomLog} */ log) => {
        this.#logs.lookedAt(log);
        this.#hear();
      },
      said: (/** @type {Message} */ message) => {
        this.#tell("new-message", message);
        if (!threadId) this.#known.undraft(roomId);
      },
      missed: () => this.catchUp(),
    };
    return new RoomLog(roomId, this.userId ?? "", around, threadId);
  }

  #hear() {
    const shown = this.list.slice(0, HEARD_ROOMS).map(({ id }) => id);
    this.#heard.hear([...shown, ...this.#logs.ids]);
  }
}

export const rooms = new Rooms();
