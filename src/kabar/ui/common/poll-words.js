// Every text of polls: asking one, and voting in it.

import { isolated } from "./words.js";

const plural = new Intl.PluralRules("en");

/** @param {number} n @param {string} one @param {string} other */
const counted = (n, one, other) => `${n.toLocaleString("en")} ${plural.select(n) === "one" ? one : other}`;

export const pollWords = {
  attach: "Attach",
  files: "Files",
  poll: "Poll",
  newPoll: "New poll",
  question: "Question",
  questionHint: "A poll cannot be changed once it is sent.",
  /** @param {number} at */
  option: (at) => `Option ${at}`,
  multiple: "Several answers",
  multipleHint: "One may choose more than one option.",
  closesAt: "Closes at (optional)",
  ask: "Send poll",
  notEmpty: "May not be empty.",
  twoOptions: "A poll has two options at least.",
  sameOption: "Must be another one than those before it.",
  notLater: "Must be a time in the future, within a year.",

  /** What it is in lists. @param {string} question */
  inLists: (question) => `Poll: ${question}`,
  /** @param {string} question */
  about: (question) => `Poll: ${isolated(question)}`,
  chooseOne: "Choose one",
  chooseSeveral: "Choose one or more",
  closed: "Closed",
  /** @param {string} when */
  closes: (when) => `closes ${when}`,
  /** @param {number} n */
  votes: (n) => counted(n, "vote", "votes"),
  /** @param {number} n */
  voters: (n) => counted(n, "person voted", "people voted"),
  close: "Close poll",
  closeTitle: "Close this poll?",
  closeBody: "Nobody can vote in it any more. What was voted stays.",
};
