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

/** Nothing of it is ever HTML: each part is a text of a template. @param {string} content @returns {unknown} */
export const written = (content) => blocksOf(content).map(block);

/** @param {import("./markup.js").Block} each @returns {unknown} */
function block(each) {
  if (each.kind === "text") return html`<span class="said">${each.parts.map(inline)}</span>`;
  if (each.kind === "code") return html`<pre tabindex="0"><code>${each.text}</code></pre>`;
  if (each.kind === "quote") return html`<blockquote>${each.blocks.map(block)}</blockquote>`;
  const items = each.items.map(({ number, parts }) =>
    number === null
      ? html`<li>${parts.map(inline)}</li>`
      : html`<li value=${number}>${parts.map(inline)}</li>`,
  );
  return each.items[0].number === null ? html`<ul>${items}</ul>` : html`<ol>${items}</ol>`;
}

/** @param {import("./markup.js").Inline} part @returns {unknown} */
function inline(part) {
  if (typeof part === "string") return part;
  if ("text" in part) return part.kind === "link" ? link(part.text) : html`<code>${part.text}</code>`;
  const parts = part.parts.map(inline);
  if (part.kind === "bold") return html`<strong>${parts}</strong>`;
  if (part.kind === "italic") return html`<em>${parts}</em>`;
  return html`<s>${parts}</s>`;
}

/** @param {string} address */
const link = (address) =>
  html`<a href=${address} target="_blank" rel="noopener noreferrer nofollow ugc">${address}</a>`;
