// A picture as large as the window, and those before and after it.

import { fileAddress, isPicture, savingAddress, thumbnailAddress } from "../common/files.js";
import { words } from "../common/words.js";
import { controls } from "../styles/controls.js";
import { tokens } from "../styles/tokens.js";
import { viewerStyles } from "../styles/viewer.js";
import { html, keyed, LitElement, nothing } from "../vendor/lit.js";
import { holdFocus } from "./focus.js";
import { icon } from "./icon.js";

/** @typedef {import("../common/types").Attachment} Attachment */

export class Viewer extends LitElement {
  static properties = {
    pictures: { state: true },
    at: { state: true },
    isFailed: { state: true },
  };
  static styles = [tokens, controls, viewerStyles];

  constructor() {
    super();
    /** @type {Attachment[]} */
    this.pictures = [];
    this.at = 0;
    this.isFailed = false;
    this.putBack = () => {};
  }

  /** @param {import("../common/types").Message[]} messages @param {string} id of the picture to begin with */
  async show(messages, id) {
    this.pictures = messages.flatMap(({ attachments, deletedAt }) =>
      deletedAt ? [] : (attachments ?? []).filter(isPicture),
    );
    this.at = Math.max(0, this.pictures.findIndex((each) => each.id === id));
    this.isFailed = false;
    this.putBack = holdFocus();
    await this.updateComplete;
    this.#dialog.showModal();
  }

  render() {
    const picture = this.pictures[this.at];
    return html`<dialog
      aria-label=${words.picture}
      closedby="any"
      @keydown=${this.#keyed}
      @close=${() => this.putBack()}
    >
      ${picture ? this.#frame(picture) : nothing}
    </dialog>`;
  }

  /** @param {Attachment} picture */
  #frame(picture) {
    const many = this.pictures.length > 1;
    return html`<header>
        <span class="name" dir="auto">${picture.name}</span>
        ${many
          ? html`<span class="count" aria-live="polite"
              >${words.ofPictures(this.at + 1, this.pictures.length)}</span
            >`
          : nothing}
        <a
          class="icon-button"
          href=${savingAddress(picture)}
          download=${picture.name}
          aria-label=${words.saveFile}
          title=${words.saveFile}
          >${icon("download")}</a
        >
        <button class="icon-button" aria-label=${words.close} @click=${() => this.#dialog.close()}>
          ${icon("x")}
        </button>
      </header>
      <div class="stage" @click=${this.#beside}>
        ${this.isFailed
          ? html`<p role="alert">${words.pictureFailed}
              <button class="button" @click=${this.#again}>${words.tryAgain}</button></p>`
          : keyed(picture.id, this.#image(picture))}
      </div>
      ${many ? this.#steps() : nothing}`;
  }

  /** Until it is there, its small version is seen. @param {Attachment} picture */
  #image(picture) {
    const small = `background-image: url("${thumbnailAddress(picture)}")`;
    return html`<img
      src=${fileAddress(picture)}
      alt=${picture.name}
      width=${picture.width ?? 0}
      height=${picture.height ?? 0}
      .style=${small}
      @load=${(/** @type {Event} */ { target }) =>
        (/** @type {HTMLElement} */ (target).style.backgroundImage = "none")}
      @error=${() => (this.isFailed = true)}
    />`;
  }

  /** They keep the focus at the end, so that the keys go on working. */
  #steps() {
    return html`<button
        class="step before icon-button"
        aria-label=${words.pictureBefore}
        aria-disabled=${this.at === 0}
        @click=${() => this.#go(-1)}
      >
        ${icon("chevron-left")}
      </button>
      <button
        class="step after icon-button"
        aria-label=${words.pictureAfter}
        aria-disabled=${this.at === this.pictures.length - 1}
        @click=${() => this.#go(1)}
      >
        ${icon("chevron-right")}
      </button>`;
  }

  /** @returns {HTMLDialogElement} */
  get #dialog() {
    return /** @type {HTMLDialogElement} */ (this.renderRoot.querySelector("dialog"));
  }

  /** @param {number} step */
  #go(step) {
    this.at = Math.min(Math.max(this.at + step, 0), this.pictures.length - 1);
    this.isFailed = false;
  }

  #again() {
    this.isFailed = false;
  }

  /** Beside the picture one closes it. @param {MouseEvent} event */
  #beside({ target, currentTarget }) {
    if (target === currentTarget) this.#dialog.close();
  }

  /** @param {KeyboardEvent} event */
  #keyed(event) {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step) return;
    event.preventDefault();
    this.#go(step);
  }
}

customElements.define("kabar-viewer", Viewer);
