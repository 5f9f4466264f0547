// One picture of a message: small, in a frame that has its size before it is there.

import { call, Problem } from "../common/api.js";
import { thumbnailAddress } from "../common/files.js";
import { words } from "../common/words.js";
import { controls } from "../styles/controls.js";
import { pictureStyles } from "../styles/picture.js";
import { tokens } from "../styles/tokens.js";
import { html, LitElement } from "../vendor/lit.js";
import { icon } from "./icon.js";

/** Fires "open-picture" when it is to be seen large. */
export class Picture extends LitElement {
  static properties = {
    attachment: { attribute: false },
    isFailed: { state: true },
  };
  static styles = [tokens, controls, pictureStyles];

  constructor() {
    super();
    /** @type {import("../common/types").Attachment | null} */
    this.attachment = null;
    this.isFailed = false;
    this.tries = 0;
  }

  render() {
    const { attachment } = this;
    if (!attachment) return html``;
    if (this.isFailed) {
      return html`<button class="picture failed" @click=${this.#again}>
        ${icon("image-off")}<span>${words.pictureFailed}</span>
        <span class="again">${words.tryAgain}</span>
      </button>`;
    }
    return html`<button
      class="picture"
      aria-label=${words.openPicture(attachment.name)}
      @click=${() => this.dispatchEvent(new Event("open-picture"))}
    >
      <img
        src=${thumbnailAddress(attachment)}
        alt=""
        loading="lazy"
        decoding="async"
        @error=${this.#lost}
      />
    </button>`;
  }

  /** Its address may have been good for minutes only. */
  #lost() {
    this.tries += 1;
    if (this.tries > 1) this.isFailed = true;
    else this.#again();
  }

  #again = async () => {
    try {
      this.attachment = await call("GET", `api/uploads/${this.attachment?.id}`);
      // The same address is not asked for again by itself.
      this.isFailed = true;
      await this.updateComplete;
      this.isFailed = false;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.isFailed = true;
    }
  };
}

customElements.define("kabar-picture", Picture);
