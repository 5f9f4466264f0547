// Every text of moderation.

import { isolated } from "./words.js";

export const moderationWords = {
  moderation: "Moderation",
  moderatorsOnly: "This page is for moderators.",
  more: "Show more",

  suspend: "Suspend",
  /** @param {string} name */
  suspendTitle: (name) => `Suspend ${isolated(name)}?`,
  suspendBody: "They are signed out everywhere, and cannot sign in until it ends.",
  suspendFor: "For how long",
  /** In days; 0: without an end. */
  suspendTimes: [
    [1, "1 day"],
    [7, "7 days"],
    [30, "30 days"],
    [0, "Until it is lifted"],
  ],
  reason: "Reason",
  reasonHint: "They read it when they try to sign in.",
  cancel: "Cancel",
  /** @param {string} name */
  isSuspended: (name) => `${isolated(name)} is suspended.`,

  suspended: "Suspended people",
  nobodySuspended: "Nobody is suspended.",
  /** @param {string} when */
  until: (when) => `Until ${when}`,
  withoutEnd: "Until it is lifted",
  lift: "Lift suspension",

  acts: "What moderators did",
  noActs: "Nothing yet.",
  /** @type {Record<string, (by: string, whom: string) => string>} */
  deeds: {
    suspend: (by, whom) => `${by} suspended ${whom}`,
    "lift-suspension": (by, whom) => `${by} lifted the suspension of ${whom}`,
    "give-role": (by, whom) => `${by} gave ${whom} a role`,
  },
  /** @param {import("./types").ModerationAct} act */
  deed: ({ deed, by, through, user }) => {
    const who = isolated(by.name) + (through ? ` (by ${isolated(through)})` : "");
    return moderationWords.deeds[deed](who, isolated(user?.name ?? ""));
  },
};
