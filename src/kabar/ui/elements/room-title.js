// The title and the picture of a room; a direct room has those of the other person.

import { words } from "../common/words.js";

/** @typedef {import("../common/types").Room} Room */

/** @param {Room} room */
export const titleOf = (room) =>
  room.isSaved ? words.savedMessages : (room.otherUser?.name ?? room.name ?? words.unknownRoom);

/** @param {Room} room */
export const faceOf = (room) =>
  room.otherUser ?? { id: room.id, name: room.name, avatar: room.avatar };
