// What somebody wrote: text, with web addresses as links and a few marks as what they mean.

import { html } from "../vendor/lit.js";
import { blocksOf } from "./markup.js";

// One emoji: a flag, a keycap, or pictures with their tones and tags, joined by U+200D. The flag `v`
// with \p{RGI_Emoji} would say it shorter, to browsers that know it.
const DRAWN = "\\p{Emoji_Presentation}|\\p{Extended_Pictographic}(?=[\\uFE0F\\p{Emoji_Modifier}])";
const PICTURE = `(?:${DRAWN})\\uFE0F?\\p{Emoji_Modifier}?[\\u{E0020}-\\u{E007F}]*`;
const EMOJI = `\\p{RI}{2}|[#*0-9]\\uFE0F?\\u20E3|${PICTURE}(?:\\u200D${PICTURE})*`;
const ONLY_EMOJI = new RegExp(`^(?:${EMOJI}|\\s){1,6}$`, "u");

/** @param {string} content */
export const isOnlyEmoji = (content) => ONLY_EMOJI.test(content) && content.trim() !== "";

/** A sentence of `words` that holds names, or one of the server: each is drawn by itself. @param {string} text */
export const sentence = (text) =>
  text
    .split(/\u2068([^\u2069]*)\u2069/u)
    .map((part, at) => (at % 2 ? html`<bdi>${part}</bdi>` : part));

/**
 * Nothing of it is ever HTML: each part is a text of a template.
 * @param {string} content
 * @param {string[]} [names] of those whom it mentions
 * @returns {unknown}
 */
export const written = (content, names = []) => blocksOf(content).map((each) => block(each, names));

/** @param {import("./markup.js").Block} each @param {string[]} names @returns {unknown} */
function block(each, names) {
  if (each.kind === "text") return html`<span class="said">${inlines(each.parts, names)}</span>`;
  if (each.kind === "code") return html`<pre tabindex="0"><code>${each.text}</code></pre>`;
  if (each.kind === "quote") {
    return html`<blockquote>${each.blocks.map((inner) => block(inner, names))}</blockquote>`;
  }
  const items = each.items.map(({ number, parts }) =>
    number === null
      ? html`<li>${inlines(parts, names)}</li>`
      : html`<li value=${number}>${inlines(parts, names)}</li>`,
  );
  return each.items[0].number === null ? html`<ul>${items}</ul>` : html`<ol>${items}</ol>`;
}

/** A name may hold marks that are none: `_`. @param {import("./markup.js").Inline[]} parts @param {string[]} names */
function inlines(parts, names) {
  /** @type {import("./markup.js").Inline[]} */
  const joined = [];
  for (const part of parts) {
    const last = joined[joined.length - 1];
    if (typeof part === "string" && typeof last === "string") joined[joined.length - 1] = last + part;
    else joined.push(part);
  }
  return joined.map((part) => inlineWith(part, names));
}

/** What may be a name, as the server reads it. */
const NAME = /(?<![\p{L}\p{N}_@./:+-])(@[A-Za-z0-9_.]{3,30})(?![\p{L}\p{N}_@])/u;

/** @param {string} text @param {string[]} names @returns {unknown} */
function mentioning(text, names) {
  if (names.length === 0) return text;
  return text.split(NAME).map((part, at) => {
    const name = part.slice(1).replace(/\.+$/, "");
    if (at % 2 === 0 || !names.includes(name.toLowerCase())) return part;
    return html`<span class="mention">@${name}</span>${part.slice(name.length + 1)}`;
  });
}

/** @param {import("./markup.js").Inline} part @param {string[]} names @returns {unknown} */
function inlineWith(part, names) {
  if (typeof part === "string") return mentioning(part, names);
  if ("text" in part) return part.kind === "link" ? link(part.text) : html`<code>${part.text}</code>`;
  const parts = inlines(part.parts, names);
  if (part.kind === "bold") return html`<strong>${parts}</strong>`;
  if (part.kind === "italic") return html`<em>${parts}</em>`;
  return html`<s>${parts}</s>`;
}

/** @param {string} address */
const link = (address) =>
  html`<a href=${address} target="_blank" rel="noopener noreferrer nofollow ugc">${address}</a>`;
