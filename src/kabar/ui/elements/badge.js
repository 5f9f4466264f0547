// The name of a bell, and the count on it.

import { html, nothing } from "../vendor/lit.js";

const MOST = 99;

/** @param {number} count @param {string} [kind] */
export const badge = (count, kind = "") =>
  count > 0
    ? html`<span class="badge ${kind}" aria-hidden="true">${count > MOST ? "99+" : count}</span>`
    : nothing;

/** Heard also where there is no room to show it: then it is the only name that the bell has.
 * @param {string} name */
export const label = (name) => html`<span class="only-heard">${name}</span>
  <span class="label" aria-hidden="true">${name}</span>`;
