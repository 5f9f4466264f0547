// The texts of the place to write.

export const composerWords = {
  draft: "Draft:",
  mentionSomeone: "Mention someone",
  everybodyHere: "Everybody here",
  /** @param {number} n */
  suggestions: (n) => (n === 1 ? "1 suggestion" : `${n} suggestions`),
};
