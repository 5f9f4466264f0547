// What is about to be sent: each file with its progress, and a way out of whatever went wrong.

import { inBytes } from "../common/files.js";
import { words } from "../common/words.js";
import { classMap, html, nothing } from "../vendor/lit.js";
import { icon } from "./icon.js";

/** @typedef {import("../store/attaching.js").Chosen} Chosen */

/** @param {import("../store/attaching.js").Attaching} attaching */
export function attachTray(attaching) {
  const { items, notice } = attaching;
  if (items.length === 0 && !notice) return nothing;
  return html`<div class="tray">
    <ul aria-label=${words.chosenFiles}>
      ${items.map((item) => entry(item, attaching))}
    </ul>
    ${notice ? html`<p class="tray-notice" role="alert">${notice}</p>` : nothing}
  </div>`;
}

/** @param {Chosen} item @param {import("../store/attaching.js").Attaching} attaching */
function entry(item, attaching) {
  const { key, file, state, reason, mayRetry } = item;
  return html`<li class=${classMap({ chosen: true, lost: state === "failed" })}>
    ${preview(item)}
    <span class="chosen-about">
      <span class="chosen-name" dir="auto">${file.name}</span>
      <span class="quiet" role=${state === "failed" ? "alert" : nothing}
        >${state === "failed" ? reason : inBytes(file.size)}</span
      >
      ${state === "waiting" || state === "sending" ? progress(item) : nothing}
    </span>
    ${state === "failed" && mayRetry
      ? html`<button type="button" class="text-button" @click=${() => attaching.retry(key)}>
          ${words.retry}
        </button>`
      : nothing}
    <button
      type="button"
      class="icon-button"
      aria-label=${words.removeFile(file.name)}
      @click=${() => attaching.remove(key)}
    >
      ${icon("x")}
    </button>
  </li>`;
}

/** @param {Chosen} item */
const progress = ({ file, progress: part }) => html`<progress
  max="1"
  .value=${part}
  aria-label=${words.sendingFile(file.name)}
></progress>`;

/** @param {Chosen} item */
function preview({ file, preview: address, state, mayRetry }) {
  // What the server does not take for a picture is perhaps none to the browser either.
  const isRefused = state === "failed" && !mayRetry;
  if (address && !isRefused && file.type.startsWith("image/")) return html`<img src=${address} alt="" />`;
  if (address && file.type.startsWith("audio/")) {
    return html`<audio controls src=${address} aria-label=${file.name}></audio>`;
  }
  return html`<span class="chosen-icon">${icon("file")}</span>`;
}
