// What somebody wrote, shown as plain text; only web addresses become links.

import { html } from "../vendor/lit.js";
import { addressesIn } from "./web-addresses.js";

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

/** @param {string} content */
export function textWithLinks(content) {
  const parts = [];
  let end = 0;
  for (const { address, index } of addressesIn(content)) {
    parts.push(content.slice(end, index), link(address));
    end = index + address.length;
  }
  parts.push(content.slice(end));
  return parts;
}

/** @param {string} address */
const link = (address) =>
  html`<a href=${address} target="_blank" rel="noopener noreferrer nofollow ugc">${address}</a>`;
