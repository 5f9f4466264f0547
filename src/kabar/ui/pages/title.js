// The title and the icon of the browser's tab: how much is unread.

import { words } from "../common/words.js";
import { rooms } from "../store/rooms.js";

/** Keeps the title and the icon of the tab. */
export function keepTitle() {
  rooms.addEventListener("change", show);
  show();
}

function show() {
  const count = rooms.unread;
  document.title = count ? `(${count}) ${words.product}` : words.product;
  const icon = /** @type {HTMLLinkElement | null} */ (document.querySelector('link[rel="icon"]'));
  const file = new URL(count ? "../icon-unread.svg" : "../icon.svg", import.meta.url).href;
  if (icon && icon.href !== file) icon.href = file;
}
