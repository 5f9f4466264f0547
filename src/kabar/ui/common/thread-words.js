// The texts of threads, in one place.

import { timeOfDay } from "./times.js";
import { words } from "./words.js";

export const threadWords = {
  back: words.back,
  close: words.close,
  thread: "Thread",
  replyInThread: "Reply in thread",
  write: "Write a reply",
  /** @param {string} who */
  said: (who) => `${who} replied in a thread`,
  /** @param {number} count */
  replies: (count) => (count === 1 ? "1 reply" : `${count.toLocaleString("en")} replies`),
  /** @param {string} time */
  last: (time) => `last ${timeOfDay(time)}`,
  /** @param {number} count */
  unread: (count) => `${count.toLocaleString("en")} unread`,
};
