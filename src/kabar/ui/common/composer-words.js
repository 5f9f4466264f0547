// The texts of the place to write.

export const composerWords = {
  draft: "Draft:",
  nextMention: "Jump to the next mention of you",
  mentionSomeone: "Mention someone",
  everybodyHere: "Everybody here",
  /** @param {number} n */
  suggestions: (n) => (n === 1 ? "1 suggestion" : `${n} suggestions`),
};
