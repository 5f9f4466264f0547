// Files that are dragged over an element, and dropped there.

import { words } from "../common/words.js";
import { html, nothing } from "../vendor/lit.js";
import { icon } from "./icon.js";

/** The host draws `target`, which lies over it while files are above it. */
export class Dropping {
  isOver = false;

  /**
   * @param {import("../vendor/lit.js").ReactiveControllerHost & HTMLElement} host
   * @param {(files: File[]) => void} dropped
   */
  constructor(host, dropped) {
    this.host = host;
    this.dropped = dropped;
    host.addController(this);
  }

  hostConnected() {
    for (const name of EVENTS) this.host.addEventListener(name, this.#handle);
  }

  hostDisconnected() {
    for (const name of EVENTS) this.host.removeEventListener(name, this.#handle);
  }

  get target() {
    if (!this.isOver) return nothing;
    return html`<div class="drop" aria-hidden="true">${icon("paperclip")}${words.dropHere}</div>`;
  }

  /** @param {Event} event */
  #handle = (event) => {
    const drag = /** @type {DragEvent} */ (event);
    if (!drag.dataTransfer?.types.includes("Files")) return;
    // Otherwise the browser would leave the page, and open the file in its place.
    drag.preventDefault();
    if (drag.type === "drop") this.dropped([...drag.dataTransfer.files]);
    const leaves = drag.type === "dragleave" && !this.#isWithin(drag.relatedTarget);
    this.isOver = drag.type === "dragover" || (drag.type === "dragleave" && !leaves);
    this.host.requestUpdate();
  };

  /** @param {EventTarget | null} to */
  #isWithin(to) {
    return to instanceof Node && (this.host.contains(to) || Boolean(this.host.shadowRoot?.contains(to)));
  }
}

const EVENTS = ["dragover", "dragleave", "drop"];
