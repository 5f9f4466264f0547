// Texts of how people stand to each other: muting, lists, suggestions, and who may see what.

import { isolated } from "./words.js";

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
  takesNoFollowers: "Takes no new followers",
  listsAreHidden: "Only they see these lists.",
};
