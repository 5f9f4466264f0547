// How a person or a room is pictured.

import { html, nothing } from "../vendor/lit.js";

const HUES = 10;

/**
 * @param {{id: string, name: string | null, avatar: string | null}} who
 * @param {"" | "small" | "large"} [size]
 */
export function avatar({ id, name, avatar: picture }, size = "") {
  return html`<span class="avatar ${size} hue-${hueOf(id)}" aria-hidden="true">
    ${initials(name ?? "")}
    ${picture ? html`<img src=${picture} alt="" loading="lazy" @error=${hide} />` : nothing}
  </span>`;
}

/** A picture that does not load leaves the initials. @param {Event} event */
const hide = (event) => /** @type {HTMLElement} */ (event.currentTarget).remove();

/** @param {string} name */
function initials(name) {
  const parts = name.trim().split(/\s+/u).filter(Boolean);
  const chosen = parts.length > 1 ? [parts[0], parts[parts.length - 1]] : parts;
  return chosen.map((part) => [...part][0]).join("").toLocaleUpperCase() || "?";
}

/** @param {string} id */
function hueOf(id) {
  let hash = 0;
  for (const character of id) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  return hash % HUES;
}
