// The part of a message in which something was found, with what was found marked.

import { shown } from "../common/files.js";
import { html } from "../vendor/lit.js";

const BEFORE = 40;
const LONGEST = 240;

/** @typedef {import("../common/types").FoundMessage} FoundMessage */

/** Where an excerpt begins: at a word not far before what was found. @param {FoundMessage} message */
function beginningOf({ content, highlights }) {
  const first = highlights[0]?.[0] ?? 0;
  if (first <= BEFORE) return 0;
  const space = content.indexOf(" ", first - BEFORE);
  return space >= 0 && space < first ? space + 1 : first;
}

/** @param {FoundMessage} message */
export function excerpt(message) {
  const { content, highlights } = message;
  const begin = beginningOf(message);
  const end = begin + LONGEST;
  /** @type {unknown[]} */
  const parts = [begin > 0 ? "…" : ""];
  let at = begin;
  for (const [from, to] of highlights) {
    if (from < at || to > end) continue;
    parts.push(content.slice(at, from), html`<mark>${content.slice(from, to)}</mark>`);
    at = to;
  }
  const inLists = shown(message);
  // What it is, where its words do not say so.
  const kind = inLists.slice(0, inLists.length - content.length);
  return [kind, ...parts, content.slice(at, Math.max(at, end))];
}
