// What one sends beside words: files of the machine, from the camera, by the microphone; a poll.

import { inSeconds } from "../common/files.js";
import { pollWords } from "../common/poll-words.js";
import { words } from "../common/words.js";
import { html, nothing } from "../vendor/lit.js";
import { icon } from "./icon.js";
import "./menu.js";
import "./new-poll.js";
import { Voice } from "./voice.js";

/** @param {import("./composer.js").Composer} composer */
export function attachButtons(composer) {
  if (composer.voice.isRecording) return recording(composer.voice);
  const choose = (/** @type {Event} */ { target }) => {
    const field = /** @type {HTMLInputElement} */ (target);
    composer.attach([...(field.files ?? [])]);
    field.value = ""; // the same one may be chosen again
  };
  return html`<input class="all" type="file" multiple hidden @change=${choose} />
    <input
      class="camera"
      type="file"
      accept="image/*"
      capture="environment"
      hidden
      @change=${choose}
    />
    <kabar-menu
      class="attach"
      plain
      icon="paperclip"
      .label=${pollWords.attach}
      .choices=${[
        { label: pollWords.files, act: () => open(composer, ".all") },
        ...(touches() ? [{ label: words.takePicture, act: () => open(composer, ".camera") }] : []),
        { label: pollWords.poll, act: () => composer.renderRoot.querySelector("kabar-new-poll")?.ask() },
      ]}
    ></kabar-menu>`;
}

/** Where there is something to send already, it is not in the way. @param {import("./composer.js").Composer} composer */
export function recordButton(composer) {
  const { voice, text, attaching } = composer;
  const isIdle = !voice.isRecording && text === "" && attaching.items.length === 0;
  if (!isIdle || !Voice.isPossible) return nothing;
  return html`<button
    type="button"
    class="icon-button record"
    aria-label=${words.record}
    title=${words.record}
    @click=${() => voice.start()}
  >
    ${icon("mic")}
  </button>`;
}

/** @param {Voice} voice */
const recording = (voice) => html`<span class="recording" role="status">
    <span class="dot"></span>${words.recording} <span aria-hidden="true">${inSeconds(voice.seconds)}</span>
  </span>
  <button
    type="button"
    class="icon-button attach"
    aria-label=${words.cancel}
    title=${words.cancel}
    @click=${() => voice.cancel()}
  >
    ${icon("trash-2")}
  </button>
  <button
    type="button"
    class="icon-button record"
    aria-label=${words.stopRecording}
    title=${words.stopRecording}
    @click=${() => voice.finish()}
  >
    ${icon("check")}
  </button>`;

/** @param {import("./composer.js").Composer} composer @param {string} field */
const open = (composer, field) =>
  /** @type {HTMLInputElement} */ (composer.renderRoot.querySelector(field)).click();

const touches = () => matchMedia("(pointer: coarse)").matches;
