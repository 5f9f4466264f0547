// Every text of moderation.

import { isolated } from "./words.js";

export const moderationWords = {
  moderation: "Moderation",
  moderatorsOnly: "This page is for moderators.",
  more: "Show more",

  report: "Report",
  reportMessage: "Report this message?",
  /** @param {string} name */
  reportPerson: (name) => `Report ${isolated(name)}?`,
  reportGroup: "Report this group?",
  reportThisGroup: "Report group",
  reportBody: "Moderators of this server will look at it. Nobody else learns that it was you.",
  whatIsWrong: "What is wrong?",

  reports: "Reports",
  /** @param {number} count */
  waiting: (count) => (count === 1 ? "1 report waits" : `${count} reports wait`),
  noReports: "Nothing waits.",
  nothingSettled: "Nothing was settled yet.",
  settled: "Settled",
  open: "Waiting",
  /** @param {import("./types").Report} report */
  about: ({ message, user, room }) => {
    const who = isolated(user?.name ?? "");
    if (message) return room?.name ? `${who} in ${isolated(room.name)}` : `${who} in a direct message`;
    return user ? who : `The group ${isolated(room?.name ?? "")}`;
  },
  /** @param {string} name */
  reportedBy: (name) => `Reported by ${isolated(name)}`,
  context: "Show what stands around it",
  deleted: "Deleted.",
  note: "Note",
  noteHint: "For the other moderators.",
  /** @type {Record<import("./types").ReportAction, {action: string, heading: string, body: string, done: string}>} */
  settlings: {
    none: {
      action: "Nothing to do",
      heading: "Settle this without doing anything?",
      body: "Nobody is told. All reports of the same thing are settled.",
      done: "nothing to do",
    },
    delete: {
      action: "Delete message",
      heading: "Delete this message for everybody?",
      body: "This cannot be undone.",
      done: "message deleted",
    },
    suspend: {
      action: "Suspend",
      heading: "Settle this by the suspension?",
      body: "",
      done: "suspended",
    },
    ban: {
      action: "Ban from group",
      heading: "Ban them from this group?",
      body: "They see nothing more of it, and cannot come back until the ban is lifted there.",
      done: "banned from the group",
    },
  },
  /** @param {NonNullable<import("./types").Report["resolution"]>} resolution */
  settledBy: ({ action, by }) =>
    `Settled by ${isolated(by.name)}: ${moderationWords.settlings[action].done}`,

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
    resolve: (by, whom) => `${by} settled a report about ${whom || "a group"}`,
    "delete-message": (by, whom) => `${by} deleted a message of ${whom}`,
    ban: (by, whom) => `${by} banned ${whom} from a group`,
    suspend: (by, whom) => `${by} suspended ${whom}`,
    "lift-suspension": (by, whom) => `${by} lifted the suspension of ${whom}`,
    "give-role": (by, whom) => `${by} gave ${whom} a role`,
  },
  /** @param {import("./types").ModerationAct} act */
  deed: ({ deed, by, through, user }) => {
    const who = isolated(by.name) + (through ? ` (by ${isolated(through)})` : "");
    return moderationWords.deeds[deed](who, user ? isolated(user.name) : "");
  },
};
