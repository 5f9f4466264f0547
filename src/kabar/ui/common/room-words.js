// Texts of how somebody has a room for themselves: quiet, put away, and of what they are told.

import { isolated } from "./words.js";

export const roomWords = {
  settings: "Conversation settings",
  pinned: "Pinned",
  pin: "Pin to top",
  unpin: "Unpin",

  muted: "Muted",
  /** @param {string} moment */
  mutedUntil: (moment) => `Muted until ${isolated(moment)}`,
  muteHour: "Mute for 1 hour",
  muteHours: "Mute for 8 hours",
  /** @param {string} moment */
  muteTomorrow: (moment) => `Mute until tomorrow, ${isolated(moment)}`,
  mute: "Mute until I turn it on",
  unmute: "Unmute",

  /** @type {[import("./types").Room["me"]["notify"], string][]} */
  notify: [
    ["all", "Tell me of all messages"],
    ["mentions", "Tell me of mentions only"],
    ["nothing", "Tell me of nothing"],
  ],
  /** @param {string} label */
  chosen: (label) => `✓ ${label}`,

  archive: "Archive",
  bringBack: "Bring back from the archive",
  archived: "Archived",
  /** @param {number} n @param {boolean} hasMore */
  countArchived: (n, hasMore) => `${n.toLocaleString("en")}${hasMore ? "+" : ""}`,
  noneArchived: "Nothing is archived.",
};
