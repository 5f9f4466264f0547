// What is known of each conversation as the list shows it, and what events make of that.

import { shown } from "../common/files.js";
import { blocks } from "./blocks.js";
import { counted, freshest } from "./room-news.js";
import { isMutedNow } from "./room-mutes.js";
import { inOrder } from "./room-pages.js";
import { typists } from "./typing.js";

/**
 * @typedef {import("../common/types").Message} Message
 * @typedef {import("../common/types").Room} Room
 * @typedef {{roomId: string, userId: string}} Who
 * @typedef {object} Asks
 * @property {() => string | null} me
 * @property {(roomId: string) => void} reload what an event does not say is asked for
 * @property {(room: Room | null) => void} changed null: of one that is not known here
 */

export class Conversations {
  #rooms = /** @type {Map<string, Room>} */ (new Map());

  /** @param {Asks} asks */
  constructor({ me, reload, changed }) {
    this.me = me;
    this.reload = reload;
    this.changed = changed;
  }

  /** Pinned first, then newest. */
  get list() {
    return inOrder(this.#rooms.values());
  }

  get ids() {
    return [...this.#rooms.keys()];
  }

  /** @param {string} roomId */
  find(roomId) {
    return this.#rooms.get(roomId) ?? null;
  }

  /** As the server answered, unless more is known already. @param {Room} room */
  keep(room) {
    this.#rooms.set(room.id, freshest(this.find(room.id), room));
  }

  /** @param {string} roomId */
  forget(roomId) {
    this.#rooms.delete(roomId);
  }

  /** A server that was set up anew may count from the start: its next answer is taken as it is. */
  countAnew() {
    for (const [id, room] of this.#rooms) {
      this.#rooms.set(id, { ...room, me: { ...room.me, version: 0 } });
    }
  }

  /** @param {string} roomId @param {(room: Room) => Room} change */
  update(roomId, change) {
    const room = this.find(roomId);
    if (room) this.#rooms.set(roomId, change(room));
    this.changed(room);
  }

  /** Also what I said on this page, of which no event comes back. @param {Message} message */
  said({ roomId, seq, senderId, createdAt, system, threadId, ...said }) {
    typists.stopped(roomId, senderId);
    // What is said in a thread is no news of the room.
    if (system || threadId) return this.#moved(roomId, { lastSeq: seq });
    const hides = blocks.has(senderId);
    const lastMessage = hides ? null : shown(said);
    this.#moved(roomId, { lastSeq: seq, lastMessage, lastMessageAt: createdAt }, hides);
    if (senderId === this.me()) this.read({ roomId, userId: senderId, lastReadSeq: seq, unreadCount: 0 });
  }

  /** @param {Message} message */
  edited(message) {
    if (this.find(message.roomId)?.lastSeq === message.seq) this.said(message);
  }

  /** Told to all of the room, or to me, who had not read it or deleted it for myself.
   * @param {import("../common/types").Deletion} deletion */
  removed(deletion) {
    const { roomId, seq, scope } = deletion;
    this.update(roomId, (room) => ({ ...room, me: counted(room.me, deletion) }));
    if (scope === "me" || this.find(roomId)?.lastSeq === seq) this.reload(roomId);
  }

  /** @param {{roomId: string, seqs: number[], unreadCount?: number, version?: number}} gone */
  expired(gone) {
    this.update(gone.roomId, (room) => ({ ...room, me: counted(room.me, gone) }));
    if (gone.seqs.includes(this.find(gone.roomId)?.lastSeq ?? 0)) this.reload(gone.roomId);
  }

  /** @param {import("../common/types").Bell} bell @param {boolean} isAttended what comes is read */
  ring({ roomId, messageId, seq, content, createdAt, version, unreadCount, mentionsCount }, isAttended) {
    const known = this.find(roomId);
    this.#moved(roomId, { lastSeq: seq, lastMessage: content, lastMessageAt: createdAt });
    if (!known || seq <= known.me.lastReadSeq) return; // read on, here or elsewhere
    let unread = isAttended ? 0 : unreadCount;
    if (seq === known.lastSeq + 1) unread ??= known.me.unreadCount + 1;
    else if (unread === undefined) this.reload(roomId);
    const firstMentionId = known.me.firstMentionId ?? (mentionsCount ? messageId : null);
    const mentions = { mentionsCount: isAttended ? 0 : mentionsCount, firstMentionId };
    const counts = { unreadCount: unread, ...mentions, version };
    this.update(roomId, (room) => ({ ...room, me: counted(room.me, counts) }));
  }

  /** How far I have read. @param {{roomId: string, userId: string, lastReadSeq: number, unreadCount?: number, version?: number}} mark */
  read({ roomId, userId, lastReadSeq, ...counts }) {
    if (userId !== this.me()) return;
    this.update(roomId, (room) => {
      if (lastReadSeq < room.me.lastReadSeq) return room;
      return { ...room, me: { ...counted(room.me, counts), lastReadSeq } };
    });
  }

  /** As it was, unless more was read meanwhile. @param {Room} before @param {number} seq */
  unread({ id, me: { lastReadSeq, unreadCount } }, seq) {
    this.update(id, (room) => {
      if (room.me.lastReadSeq !== seq) return room;
      const count = Math.max(unreadCount, room.me.unreadCount);
      return { ...room, me: { ...room.me, lastReadSeq, unreadCount: count } };
    });
  }

  /** Marked as unread, here or elsewhere: what is in view there stays so until something new comes.
   * @param {{roomId: string, lastReadSeq: number, unreadCount: number, mentionsCount: number, firstMentionId: string | null, version: number}} state */
  unreadFrom({ roomId, lastReadSeq, unreadCount, mentionsCount, firstMentionId, version }) {
    this.update(roomId, (room) => {
      if (version < (room.me.version ?? 0)) return room;
      const counts = { lastReadSeq, unreadCount, mentionsCount, firstMentionId, version };
      return { ...room, me: { ...room.me, ...counts, leftUnreadTo: room.lastSeq } };
    });
  }

  /** Opened anew: what comes into view is read. @param {string} roomId */
  attend(roomId) {
    const room = this.find(roomId);
    if (room?.me.leftUnreadTo) this.update(roomId, () => ({ ...room, me: { ...room.me, leftUnreadTo: 0 } }));
  }

  /** I sent something there from this page. @param {string} roomId */
  undraft(roomId) {
    this.update(roomId, (room) => ({ ...room, me: { ...room.me, draft: null } }));
  }

  /** @param {Omit<Partial<Room>, "me"> & {me?: Partial<Room["me"]>, roomId: string, by?: string}} event */
  updated({ roomId, me, by, ...changes }) {
    this.#moved(roomId, changes);
    if (!me) return;
    this.update(roomId, (room) => ({ ...room, me: { ...room.me, ...me } }));
    // What was said at that moment may have brought it back already, and an older answer be on its way.
    if (me.isArchived !== undefined) this.reload(roomId);
  }

  /** @param {Who} who */
  joined({ roomId }) {
    this.reload(roomId);
  }

  /** @param {Who} who */
  left({ roomId, userId }) {
    if (userId !== this.me()) return this.reload(roomId);
    this.forget(roomId);
    this.changed(null);
  }

  /** @param {string} roomId @param {Partial<Room>} changes @param {boolean} [isEndFolded] */
  #moved(roomId, changes, isEndFolded = false) {
    const known = this.find(roomId);
    if (!known) this.reload(roomId);
    else {
      const lastSeq = Math.max(known.lastSeq, changes.lastSeq ?? 0);
      // Behind what was said last there may be numbers of threads, and of what the room says itself.
      const isBefore = (changes.lastMessageAt ?? "") < (known.lastMessageAt ?? "");
      if (changes.lastSeq !== undefined && changes.lastSeq < lastSeq && isBefore) return;
      const isSaid = changes.lastMessageAt !== undefined;
      const me = isSaid ? { ...known.me, isEndFolded } : { ...known.me };
      // What is new brings it back, unless it is muted.
      if (isSaid && lastSeq > known.lastSeq) me.isArchived &&= isMutedNow(me);
      this.update(roomId, (room) => ({ ...room, ...changes, lastSeq, me }));
    }
  }
}
