// A count on a bell.

import { html, nothing } from "../vendor/lit.js";

const MOST = 99;

/** @param {number} count @param {string} [kind] */
export const badge = (count, kind = "") =>
  count > 0
    ? html`<span class="badge ${kind}" aria-hidden="true">${count > MOST ? "99+" : count}</span>`
    : nothing;
