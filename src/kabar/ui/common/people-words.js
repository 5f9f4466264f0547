// Texts of how people stand to each other: muting, lists, suggestions, and who may see what.

import { isolated } from "./words.js";

const list = new Intl.ListFormat("en");

export const peopleWords = {
  muteHour: "Mute for an hour",
  muteDay: "Mute for a day",
  muteWeek: "Mute for a week",
  mutePerson: "Mute",
  unmutePerson: "Unmute",
  mutedNote: "Muted",
  /** @param {string} moment */
  mutedUntil: (moment) => `Muted until ${isolated(moment)}`,
  mutedPeople: "Muted people",
  mutedPeopleHint: "They are not told. What they write or whom they follow rings no bell of yours.",
  nobodyMuted: "You have muted nobody.",

  acceptsFollows: "New followers",
  acceptsFollowsHint: "Switched off, nobody can begin to follow you. Who follows you now stays.",
  hideFollows: "Hide my lists",
  hideFollowsHint: "Only you see who follows you and whom you follow.",
  hideCounts: "Hide my numbers",
  hideCountsHint: "Only you see how many these are.",
  knownTab: "Followers you know",
  noneKnown: "Nobody whom you follow follows them.",
  searchList: "Search this list",
  noneCalledSo: "Nobody in this list is called so.",
  notFollowedBack: "You do not follow back",
  notFollowingBack: "Do not follow you back",
  allFollowedBack: "You follow everybody back.",
  allFollowBack: "Everybody follows you back.",
  /** Who of those I follow follows somebody. @param {string[]} names @param {number} total */
  followedByKnown: (names, total) => {
    const shown = names.map(isolated);
    const others = total - shown.length;
    if (others > 0) shown.push(others === 1 ? "1 other you follow" : `${others} others you follow`);
    return `Followed by ${list.format(shown)}`;
  },
  suggestions: "Suggested",
  /** @param {string} name */
  dismiss: (name) => `Do not suggest ${isolated(name)}`,
  /** @param {string[]} names @param {number} total */
  followedBy: (names, total) => {
    const others = total - names.length;
    const shown = [...names.map(isolated), ...(others > 0 ? [`${others} more`] : [])];
    return `Followed by ${list.format(shown)}`;
  },
  takesNoFollowers: "Takes no new followers",
  listsAreHidden: "Only they see these lists.",
};
