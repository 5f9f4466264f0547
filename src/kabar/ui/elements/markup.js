// What the marks in a message mean: a small part of Markdown, as values. What is no mark stays as it was written.

import { addressesIn } from "./web-addresses.js";

/**
 * @typedef {"bold" | "italic" | "strike"} Style
 * @typedef {{kind: "code" | "link", text: string}} Literal
 * @typedef {string | Literal | {kind: Style, parts: Inline[]}} Inline
 * @typedef {{kind: "text", parts: Inline[]}} Text
 * @typedef {{kind: "code", text: string}} Code
 * @typedef {{kind: "quote", blocks: Block[]}} Quote
 * @typedef {{kind: "list", items: {number: number | null, parts: Inline[]}[]}} List
 * @typedef {Text | Code | Quote | List} Block
 */

const DEEPEST_QUOTE = 3;
const FENCE = /^\s{0,3}```[\w+-]*\s*$/;
const QUOTED = /^>[ ]?(.*)$/;
const ITEM = /^\s{0,3}(?:[-*•]|(\d{1,9})[.)])\s+(\S.*)$/;

/** @type {Record<string, Style>} */
const STYLES = { "**": "bold", "*": "italic", _: "italic", "~~": "strike" };
const TOKEN = /`[^`\n]+`|\*\*|~~|[*_]/g;
const WORD = /[\p{L}\p{N}]/u;

/** @param {string} content @param {number} [depth] @returns {Block[]} */
export function blocksOf(content, depth = 0) {
  const lines = content.split("\n");
  /** @type {Block[]} */
  const blocks = [];
  /** @type {string[]} */
  let text = [];
  const end = () => {
    const said = text.join("\n").replace(/^\n+|\s+$/g, "");
    if (said) blocks.push({ kind: "text", parts: inlineOf(said) });
    text = [];
  };
  let isFenced = true;
  for (let at = 0; at < lines.length; ) {
    const fence = isFenced && FENCE.test(lines[at]) ? closing(lines, at) : 0;
    if (fence < 0) isFenced = false; // this one has no end, so none has
    const quoted = depth < DEEPEST_QUOTE ? run(lines, at, QUOTED) : [];
    const items = run(lines, at, ITEM);
    if (fence > 0) {
      end();
      blocks.push({ kind: "code", text: lines.slice(at + 1, fence).join("\n") });
      at = fence + 1;
    } else if (quoted.length) {
      end();
      const inner = quoted.map((found) => found[1]).join("\n");
      blocks.push({ kind: "quote", blocks: blocksOf(inner, depth + 1) });
      at += quoted.length;
    } else if (items.length) {
      end();
      blocks.push({ kind: "list", items: items.map(itemOf) });
      at += items.length;
    } else {
      text.push(lines[at]);
      at += 1;
    }
  }
  end();
  return blocks;
}

/** What is left without the marks, on one line: for lists and quotes. @param {string} content */
export const plainOf = (content) => blocksOf(content).map(plainBlock).join(" ").replace(/\s+/g, " ");

/** @param {Block} block @returns {string} */
function plainBlock(block) {
  if (block.kind === "code") return block.text;
  if (block.kind === "quote") return block.blocks.map(plainBlock).join(" ");
  if (block.kind === "text") return block.parts.map(plainPart).join("");
  return block.items.map(({ parts }) => parts.map(plainPart).join("")).join(" ");
}

/** @param {Inline} part @returns {string} */
const plainPart = (part) =>
  typeof part === "string" ? part : "text" in part ? part.text : part.parts.map(plainPart).join("");

/** @param {string[]} lines @param {number} open @returns {number} */
const closing = (lines, open) => lines.findIndex((line, at) => at > open && /^\s{0,3}```\s*$/.test(line));

/** The lines from there on that are of a kind. @param {string[]} lines @param {number} from @param {RegExp} kind */
function run(lines, from, kind) {
  const found = [];
  for (let at = from; at < lines.length; at += 1) {
    const match = kind.exec(lines[at]);
    if (!match) break;
    found.push(match);
  }
  return found;
}

/** @param {RegExpExecArray} found */
const itemOf = ([, number, text]) =>
  ({ number: number === undefined ? null : Number(number), parts: inlineOf(text) });

/**
 * The marks of a text, in one walk through it: a mark without its other half is text, and each style
 * is open once at a time, so that nothing nests deeper than there are styles.
 * @param {string} text
 * @returns {Inline[]}
 */
export function inlineOf(text) {
  /** @type {{mark: string, parts: Inline[]}[]} */
  const open = [{ mark: "", parts: [] }];
  const say = (/** @type {Inline[]} */ ...parts) => open[open.length - 1].parts.push(...parts);
  let end = 0;
  for (const { index, token, kind } of tokensOf(text)) {
    if (index > end) say(text.slice(end, index));
    end = index + token.length;
    if (kind === "link") say({ kind, text: token });
    else if (kind === "code") say({ kind, text: token.slice(1, -1) });
    else take(open, token, text[index - 1] ?? " ", text[end] ?? " ");
  }
  say(text.slice(end));
  while (open.length > 1) unopen(open);
  return open[0].parts.filter((part) => part !== "");
}

/** Addresses and code as they are, and the marks between them. @param {string} text */
function tokensOf(text) {
  const links = addressesIn(text).map(({ address, index }) => ({
    index,
    token: address,
    kind: /** @type {"link" | "code" | "mark"} */ ("link"),
  }));
  const found = [...text.matchAll(TOKEN)].map(({ 0: token, index }) => ({
    index,
    token,
    kind: /** @type {"link" | "code" | "mark"} */ (token[0] === "`" ? "code" : "mark"),
  }));
  const all = [...links, ...found].sort((one, other) => one.index - other.index);
  let end = 0;
  // What begins within another one is part of it.
  return all.filter(({ index, token }) => {
    if (index < end) return false;
    end = index + token.length;
    return true;
  });
}

/**
 * Opens a style, closes it, or is text.
 * @param {{mark: string, parts: Inline[]}[]} open
 * @param {string} mark
 * @param {string} before
 * @param {string} after
 */
function take(open, mark, before, after) {
  // A single mark within a word is part of it: snake_case, 2*3*4.
  const isWithin = mark.length === 1 && WORD.test(before) && WORD.test(after);
  const at = open.findIndex((each) => each.mark === mark);
  const mayClose = at > 0 && /\S/.test(before) && !(mark.length === 1 && WORD.test(after));
  const hasParts = at > 0 && (at < open.length - 1 || open[at].parts.length > 0);
  if (mayClose && hasParts) {
    while (open.length - 1 > at) unopen(open);
    const { parts } = /** @type {{parts: Inline[]}} */ (open.pop());
    open[at - 1].parts.push({ kind: STYLES[mark], parts });
  } else if (at < 0 && /\S/.test(after) && !isWithin && !(mark.length === 1 && WORD.test(before))) {
    open.push({ mark, parts: [] });
  } else {
    open[open.length - 1].parts.push(mark);
  }
}

/** What was never closed is text. @param {{mark: string, parts: Inline[]}[]} open */
function unopen(open) {
  const { mark, parts } = /** @type {{mark: string, parts: Inline[]}} */ (open.pop());
  open[open.length - 1].parts.push(mark, ...parts);
}
