// What the events of rooms change on this page. Another kind of event is another line.

import { typists } from "./typing.js";

/**
 * @typedef {import("./room-log.js").RoomLog} RoomLog
 * @typedef {import("./conversations.js").Conversations} Conversations
 * @typedef {object} Change
 * @property {(log: RoomLog, data: any) => void} [log] in the messages of the room, where they are held: told live, and by sync
 * @property {(list: Conversations, data: any) => void} [list] in the list of rooms: told live; after an absence it is read anew
 */

/** By the names of the wire. An event may come twice, and changes nothing then. @type {Record<string, Change>} */
export const ROOM_EVENTS = {
  "new-message": {
    log: (log, message) => log.take(message),
    list: (list, message) => list.said(message),
  },
  "message-edited": {
    log: (log, message) => log.update(message),
    list: (list, message) => list.edited(message),
  },
  "message-deleted": {
    log: (log, deletion) => log.remove(deletion),
    list: (list, deletion) => list.removed(deletion),
  },
  "messages-expired": {
    log: (log, { seqs }) => log.expiry.of(seqs),
    list: (list, gone) => list.expired(gone),
  },
  "message-pinned": { log: (log) => log.pins.moved() },
  "message-unpinned": { log: (log) => log.pins.moved() },
  "reaction-added": { log: (log, reaction) => log.react(reaction, true) },
  "reaction-removed": { log: (log, reaction) => log.react(reaction, false) },
  "poll-voted": { log: (log, news) => log.stand(news) },
  "poll-closed": { log: (log, news) => log.stand(news) },
  "thread-updated": { log: (log, news) => log.hang(news) },
  "thread-read": { log: (log, mark) => log.readOn(mark) },
  "message-read": {
    // In a thread one reads what is said there.
    log: (log, mark) => void (log.threadId || log.receipts.read(mark)),
    list: (list, mark) => list.read(mark),
  },
  "message-unread": { list: (list, state) => list.unreadFrom(state) },
  "message-delivered": { log: (log, mark) => log.receipts.delivered(mark) },
  "user-joined": {
    log: (log, { userId }) => log.joined(userId),
    list: (list, who) => list.joined(who),
  },
  "user-left": {
    log: (log, { userId }) => log.left(userId),
    list: (list, who) => list.left(who),
  },
  "participant-updated": { list: (list, { roomId }) => void list.reload(roomId) },
  "room-updated": { list: (list, changes) => list.updated(changes) },
  "user-typing": { list: (_list, event) => typists.hear(event) },
};
