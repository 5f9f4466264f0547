// Every text of forwarding.

import { isolated } from "./words.js";

export const forwardWords = {
  forward: "Forward",
  forwardTo: "Forward to",
  searchRooms: "Search conversations",
  noRooms: "No conversation by that name.",
  /** @param {number} n */
  send: (n) => (n > 1 ? `Forward to ${n}` : "Forward"),
  /** @param {number} most */
  most: (most) => `Up to ${most} at once.`,
  /** @param {string} name */
  forwardedFrom: (name) => `Forwarded from ${isolated(name)}`,
};
