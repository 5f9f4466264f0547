// Every text of groups: making one, its panel, and the page of an invite.

import { isolated } from "./words.js";

export const groupWords = {
  newGroup: "New group",
  makeGroup: "Create group",
  groupName: "Group name",
  chosen: "Chosen people",
  /** @param {string} name */
  takeOut: (name) => `Take ${isolated(name)} out`,

  about: "About this group",
  details: "Group details",
  picture: "Picture",
  pictureHint: "The address of a picture on the web. It begins with https://.",
  description: "Description",
  editGroup: "Edit group",
  owner: "Owner",
  admin: "Admin",

  rules: "Rules",
  joinRule: "Who may come in",
  joinRules: {
    invite: "Only who is invited",
    request: "Who asks and is let in",
    open: "Everybody who has the address",
  },
  announcements: "Only admins write",
  onlyAdminsWrite: "Only admins write here.",
  slowMode: "Slow mode",
  /** One message of each member in so many seconds. */
  slowModes: [
    [0, "Off"],
    [10, "10 seconds"],
    [30, "30 seconds"],
    [60, "1 minute"],
    [300, "5 minutes"],
    [3600, "1 hour"],
  ],
  retention: "Keep messages",
  /** For so many days. @type {[number | null, string][]} */
  retentions: [
    [null, "As this server does"],
    [0, "For ever"],
    [7, "For 7 days"],
    [30, "For 30 days"],
    [90, "For 90 days"],
    [365, "For a year"],
  ],
  /** @param {number} days */
  days: (days) => `For ${days.toLocaleString("en")} days`,
  /** @param {number} seconds */
  everySeconds: (seconds) => `${seconds.toLocaleString("en")} seconds`,

  people: "People",
  searchPeople: "Search in this group",
  nobodySo: "Nobody here by that name.",
  addPeople: "Add people",
  you: "you",
  /** @param {string} name */
  manage: (name) => `Actions for ${isolated(name)}`,
  makeAdmin: "Make admin",
  makeMember: "Make member",
  makeOwner: "Make owner",
  stepDown: "Step down as admin",
  remove: "Remove",
  ban: "Ban",
  /** @param {string} name */
  removeTitle: (name) => `Remove ${isolated(name)}?`,
  removeBody: "They see nothing more of this group. They can come back by an invite link.",
  /** @param {string} name */
  banTitle: (name) => `Ban ${isolated(name)}?`,
  banBody: "They see nothing more of this group, and cannot come back until the ban is lifted.",
  /** @param {string} name */
  ownerTitle: (name) => `Make ${isolated(name)} the owner?`,
  ownerBody: "You will be an admin. Only the new owner can undo this.",

  invites: "Invite links",
  newInvite: "Create link",
  expires: "Works for",
  /** In hours; 0: for ever. */
  expiries: [
    [0, "No time limit"],
    [1, "1 hour"],
    [24, "1 day"],
    [168, "7 days"],
  ],
  maxUses: "For how many people",
  anyNumber: "Any number",
  /** @param {import("./types").Invite} invite */
  used: ({ uses, maxUses }) =>
    maxUses === null ? `Used ${uses} times` : `Used ${uses} of ${maxUses} times`,
  /** @param {string} when */
  until: (when) => `until ${when}`,
  copyLink: "Copy link",
  copied: "Copied.",
  revoke: "Revoke",

  requests: "Asking to join",
  bans: "Banned",
  lift: "Lift ban",

  leave: "Leave group",
  leaveTitle: "Leave this group?",
  leaveBody: "You see nothing more of it. To come back you have to be added or invited.",
  askToJoin: "Join, or ask to",
  asked: "You have asked to join. An admin will let you in.",
  withdraw: "Take it back",

  invited: "You are invited to",
  join: "Join group",
  inviteSpent: "This invite can no longer be used. Ask who sent it for a new one.",
  inviteGone: "There is no such invite. It may have been revoked.",
};
