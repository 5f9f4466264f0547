// What I may do in a room; the server has the last word.

/** @typedef {import("../common/types").Room | null} Room */

/** I run the group. @param {Room} room */
export const runs = (room) => room?.type === "GROUP" && ["owner", "admin"].includes(room.me.role);

/** @param {Room} room */
export const mayPin = (room) => room?.type === "DIRECT" || runs(room);
