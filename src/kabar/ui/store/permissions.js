// What I may do in a room; the server has the last word.

/** @typedef {import("../common/types").Room | null} Room */

/** I run the group. @param {Room} room */
export const runs = (room) => room?.type === "GROUP" && ["owner", "admin"].includes(room.me.role);

/** @param {Room} room */
export const mayPin = (room) => room?.type === "DIRECT" || runs(room);

/**
 * Whether it says what I can say otherwise: no poll, and nothing that somebody else said first.
 * @param {import("../common/types").Message} message
 * @param {string} myId
 */
export const mayEdit = ({ senderId, deletedAt, system, poll, forwardedFrom }, myId) =>
  senderId === myId && !deletedAt && !system && !poll && !forwardedFrom;
