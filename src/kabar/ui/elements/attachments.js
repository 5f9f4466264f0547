// The files of a message: pictures side by side, sound and film to play, others to save.

import { fileAddress, inBytes, isPicture, kindOf, savingAddress } from "../common/files.js";
import { words } from "../common/words.js";
import { classMap, html, nothing } from "../vendor/lit.js";
import { icon } from "./icon.js";
import "./picture.js";

/** @typedef {import("../common/types").Attachment} Attachment */

/** A single picture is no larger, and hardly smaller. */
const LONGEST_SIDE = 320;
const SHORTEST_SIDE = 72;

/**
 * @param {Attachment[]} attachments
 * @param {((attachment: Attachment) => void) | null} open null: it is not said yet
 */
export function attachmentsOf(attachments, open) {
  const pictures = attachments.filter(isPicture);
  const others = attachments.filter((each) => !isPicture(each));
  return html`${pictures.length ? pictureGrid(pictures, open) : nothing}
  ${others.map(other)}`;
}

/** @param {Attachment[]} pictures @param {((attachment: Attachment) => void) | null} open */
function pictureGrid(pictures, open) {
  const isSingle = pictures.length === 1;
  return html`<div class=${classMap({ pictures: true, single: isSingle })}>
    ${pictures.map(
      (each) => html`<kabar-picture
        .style=${isSingle ? sizeOf(each) : ""}
        .attachment=${each}
        @open-picture=${() => open?.(each)}
      ></kabar-picture>`,
    )}
  </div>`;
}

/** Nothing jumps when it comes. As a property, because the page takes no style from attributes. @param {Attachment} picture */
function sizeOf({ width = 1, height = 1 }) {
  const scale = Math.min(1, LONGEST_SIDE / Math.max(width, height));
  const shownWidth = Math.max(SHORTEST_SIDE, Math.round(width * scale));
  const shownHeight = Math.max(SHORTEST_SIDE, Math.round(height * scale));
  return `width: ${shownWidth}px; aspect-ratio: ${shownWidth} / ${shownHeight};`;
}

/** @param {Attachment} attachment */
function other(attachment) {
  const kind = kindOf(attachment);
  if (kind === "audio") {
    return html`<audio
      controls
      preload="metadata"
      aria-label=${attachment.name}
      src=${fileAddress(attachment)}
    ></audio>`;
  }
  if (kind === "video" && attachment.mediaType !== "video/ogg") {
    return html`<video
      controls
      playsinline
      preload="metadata"
      aria-label=${attachment.name}
      src=${fileAddress(attachment)}
    ></video>`;
  }
  return html`<a class="file" href=${savingAddress(attachment)} download=${attachment.name}>
    ${icon("file")}
    <span class="file-name" dir="auto">${attachment.name}</span>
    <span class="quiet">${inBytes(attachment.size)}</span>
    <span class="only-heard">${words.save}</span>
  </a>`;
}
