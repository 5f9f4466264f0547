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
};
