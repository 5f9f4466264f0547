// What is pinned, above the messages: one after the other, each a way to where it was said.

import { shown } from "../common/files.js";
import { words } from "../common/words.js";
import { rooms } from "../store/rooms.js";
import { controls } from "../styles/controls.js";
import { tokens } from "../styles/tokens.js";
import { css, html, LitElement, nothing } from "../vendor/lit.js";
import { icon } from "./icon.js";
import { plainOf } from "./markup.js";

/** @param {import("../store/room-log.js").RoomLog} log @param {import("./message-acts.js").MessageActs["handle"]} act */
export const pinsOf = (log, act) => html`<kabar-pins
  ?hidden=${log.pins.messages.length === 0}
  .roomId=${log.roomId}
  @message-act=${act}
></kabar-pins>`;

/** Fires "message-act" (detail: a `Wish`). */
export class PinsBanner extends LitElement {
  static properties = { roomId: {}, at: { state: true } };
  static styles = [
    tokens,
    controls,
    css`
      button {
        display: flex;
        align-items: center;
        gap: 8px;
        width: 100%;
        min-height: 44px;
        padding: 4px 16px;
        border-bottom: 1px solid var(--line);
        background: var(--surface);
        font-size: 13px;
        text-align: start;
      }

      button:hover {
        background: var(--hover);
      }

      button:focus-visible {
        outline-offset: -2px;
      }

      .icon {
        width: 16px;
        height: 16px;
        color: var(--accent-strong);
      }

      span {
        min-width: 0;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }

      b {
        flex: none;
        color: var(--accent-strong);
        font-weight: 600;
      }
    `,
  ];

  constructor() {
    super();
    this.roomId = "";
    /** Which of them is shown. */
    this.at = 0;
    this.changed = () => this.requestUpdate();
  }

  connectedCallback() {
    super.connectedCallback();
    this.#pins.addEventListener("change", this.changed);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#pins.removeEventListener("change", this.changed);
  }

  get #pins() {
    return rooms.log(this.roomId).pins;
  }

  render() {
    const { messages } = this.#pins;
    const at = this.at < messages.length ? this.at : 0;
    const message = messages[at];
    if (!message) return nothing;
    return html`<button title=${words.jumpToPinned} @click=${() => this.#go(message, at)}>
      ${icon("pin")}<b>${words.pinnedMessage(at + 1, messages.length)}</b>
      <span dir="auto">${plainOf(shown(message))}</span>
    </button>`;
  }

  /** There, and on to the one that was pinned before it. @param {import("../common/types").Message} message @param {number} at */
  #go(message, at) {
    this.at = (at + 1) % this.#pins.messages.length;
    const detail = { act: "jump", message, to: message.id };
    this.dispatchEvent(new CustomEvent("message-act", { detail }));
  }
}

customElements.define("kabar-pins", PinsBanner);
