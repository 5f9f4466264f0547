// Which of two drafts stands in the place to write: what is written here, or what came from another device.

/** @typedef {import("./types").Draft} Draft */

/** @type {Draft} */
export const EMPTY = { content: "", replyToId: null };

/** What answers something without a word is no draft. @param {Draft} one @param {Draft} other */
export function isSame(one, other) {
  const text = one.content.trim();
  if (text !== other.content.trim()) return false;
  return !text || (one.replyToId ?? null) === (other.replyToId ?? null);
}

/**
 * What comes from the server replaces what stands here, unless that is something of which the server
 * does not know: what one writes is never taken from under one's hands.
 * @param {Draft} here
 * @param {Draft} agreed what both had last
 * @param {Draft} there
 */
export const taken = (here, agreed, there) => (isSame(here, agreed) ? there : here);
