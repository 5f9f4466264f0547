// The room of somebody whom one blocks.

import { words } from "../common/words.js";
import { blocks } from "../store/blocks.js";
import { html, nothing } from "../vendor/lit.js";

/** Where one would write.
 * @param {import("../common/types").Room} room @param {import("./acts.js").Acts} acts */
export function closedRoom({ otherUser }, acts) {
  if (!otherUser) return nothing;
  const unblock = () => acts.do(() => blocks.unblock(otherUser.id));
  return html`<div class="closed">
    <span>${words.youBlock(otherUser.name)}</span>
    <button class="button" ?disabled=${acts.isBusy} @click=${unblock}>${words.unblock}</button>
  </div>`;
}
