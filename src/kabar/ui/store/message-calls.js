// What one does to a message that was said.

import { call } from "../common/api.js";

/**
 * @typedef {import("../common/types").Message} Message
 * @typedef {import("./room-log.js").RoomLog} RoomLog
 */

/** Seen at once; undone when the server refuses it. @param {RoomLog} log @param {Message} message @param {string} content */
export async function edit(log, message, content) {
  log.change(message.id, { content, editedAt: new Date().toISOString() });
  try {
    const body = { messageId: message.id, content };
    log.update(await call("PATCH", "api/chat/messages", { body }));
  } catch (error) {
    log.change(message.id, { content: message.content, editedAt: message.editedAt });
    throw error;
  }
}

/** @param {RoomLog} log @param {Message} message */
export async function deleteForAll(log, message) {
  await call("DELETE", "api/chat/messages", { query: { messageId: message.id, scope: "all" } });
  log.remove({ messageId: message.id, scope: "all" });
}

/** @param {RoomLog} log @param {Message} message */
export async function deleteForMe(log, message) {
  await call("DELETE", "api/chat/messages", { query: { messageId: message.id, scope: "me" } });
  log.remove({ messageId: message.id, scope: "me" });
}

/** Pins it, or takes its pin away. @param {RoomLog} log @param {Message} message */
export async function pin(log, message) {
  const method = log.pins.has(message.id) ? "DELETE" : "PUT";
  await call(method, `api/chat/messages/${message.id}/pin`);
  log.pins.moved();
}

/** Takes what a link leads to off it. @param {RoomLog} log @param {Message} message @param {string} url */
export async function removePreview(log, message, url) {
  const path = `api/chat/messages/${message.id}/link-previews`;
  log.update(await call("DELETE", path, { query: { url } }));
}

/**
 * What it said before, oldest first.
 * @param {Message} message
 * @returns {Promise<{content: string, editedAt: string}[]>}
 */
export const formerWords = async (message) =>
  (await call("GET", `api/chat/messages/${message.id}/edits`)).edits;

/** Puts an emoji on it, or takes it back. @param {RoomLog} log @param {Message} message @param {string} emoji */
export async function react(log, message, emoji) {
  const isMine = message.reactions.some((each) => each.emoji === emoji && each.mine);
  const path = `api/chat/messages/${message.id}/reactions/${encodeURIComponent(emoji)}`;
  log.update(await call(isMine ? "DELETE" : "PUT", path));
}

/**
 * @param {string} messageId
 * @param {string | null} cursor
 * @returns {Promise<{reactions: import("../common/types").Reactor[], nextCursor: string | null}>}
 */
export const whoReacted = (messageId, cursor) =>
  call("GET", `api/chat/messages/${messageId}/reactions`, { query: { cursor } });
