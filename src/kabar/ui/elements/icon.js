// How an icon is drawn.

import { outlines } from "../vendor/icons.js";
import { html } from "../vendor/lit.js";

/** An icon beside a word, or within a control that has an accessible name.
 * @param {keyof typeof outlines} name */
export const icon = (name) => html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
  ${outlines[name]}
</svg>`;
