// What stands above the place to write: what is wrong with it, or what it is for.

import { shown } from "../common/files.js";
import { words } from "../common/words.js";
import { live } from "../live/live.js";
import { html, nothing } from "../vendor/lit.js";
import { icon } from "./icon.js";
import { sentence } from "./text.js";

/** @param {string} text */
export function isTooLong(text) {
  const most = live.messageMaxCharacters;
  return text.length > most && [...text].length > most;
}

/** @param {import("./composer.js").Composer} composer */
export function composerAbove(composer) {
  const { voice, replying } = composer;
  if (composer.isTooLong) {
    // The count is none of what is announced: it changes with every letter.
    return html`<div class="above error">
      ${icon("circle-alert")}
      <span id="error" role="alert">${words.tooLong(live.messageMaxCharacters)}</span>
      ${[...composer.text].length.toLocaleString()}
    </div>`;
  }
  if (composer.editing !== null) return doing(composer, "pencil", words.editing);
  if (voice.problem) return unheard(voice);
  if (replying === null) return nothing;
  return doing(composer, "reply", sentence(words.replyingTo(replying.sender.name)), shown(replying));
}

/** Why nothing can be recorded. @param {import("./voice.js").Voice} voice */
const unheard = (voice) => html`<div class="above error" role="alert">
  <span>${voice.problem}</span>
  <button class="text-button" @click=${voice.forgive}>${words.close}</button>
</div>`;

/**
 * @param {import("./composer.js").Composer} composer
 * @param {"pencil" | "reply"} name
 * @param {unknown} what
 * @param {string} [about]
 */
const doing = (composer, name, what, about = "") => html`<div class="above">
  ${icon(name)}<span>${what} <q dir="auto" ?hidden=${!about}>${about}</q></span>
  <button class="text-button" @click=${() => composer.cancel()}>${words.cancel}</button>
</div>`;
