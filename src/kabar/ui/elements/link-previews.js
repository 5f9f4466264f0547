// What the pages that a message links to say of themselves: a card for each, under the words.

import { fileAddress } from "../common/files.js";
import { words } from "../common/words.js";
import { html, nothing } from "../vendor/lit.js";
import { icon } from "./icon.js";

/**
 * @typedef {import("../common/types").LinkPreview} LinkPreview
 * @typedef {(preview: LinkPreview) => void} Remove
 */

/**
 * @param {LinkPreview[]} previews
 * @param {Remove | null} remove null: they are another person's
 */
export const previewsOf = (previews, remove) =>
  previews.map((each) => html`<div class="preview">${card(each)}${removing(each, remove)}</div>`);

/** @param {LinkPreview} preview */
const card = ({ url, title, description, imageUrl }) => html`<a
  href=${url}
  target="_blank"
  rel="noopener noreferrer nofollow ugc"
>
  <span class="preview-words">
    <span class="quiet">${hostOf(url)}</span>
    <b dir="auto">${title}</b>
    ${description ? html`<span class="preview-more" dir="auto">${description}</span>` : nothing}
  </span>
  ${imageUrl
    ? html`<img src=${fileAddress({ url: imageUrl })} alt="" loading="lazy" @error=${hide} />`
    : nothing}
</a>`;

/** @param {LinkPreview} preview @param {Remove | null} remove */
const removing = (preview, remove) =>
  remove
    ? html`<button
        class="action"
        title=${words.removePreview}
        aria-label=${words.removePreview}
        @click=${(/** @type {MouseEvent & {currentTarget: HTMLElement}} */ { currentTarget }) => {
          // The button goes with the card: who came by keyboard goes on from the message.
          /** @type {HTMLElement | null} */ (currentTarget.closest(".bubble"))?.focus();
          remove(preview);
        }}
      >
        ${icon("x")}
      </button>`
    : nothing;

/** A card without its picture is one all the same. @param {Event & {currentTarget: HTMLElement}} event */
const hide = ({ currentTarget }) => (currentTarget.hidden = true);

/** @param {string} url */
const hostOf = (url) => new URL(url).host.replace(/^www\./, "");
