// The button below a list that has more.

import { moderationWords as words } from "../../common/moderation-words.js";
import { html, nothing } from "../../vendor/lit.js";

export const PAGE = 50;

/** @param {{most: number, all: {again: () => unknown}}} list @param {boolean} isMore */
export function moreOf(list, isMore) {
  const show = () => {
    list.most += PAGE;
    list.all.again();
  };
  return isMore ? html`<button class="button more" @click=${show}>${words.more}</button>` : nothing;
}
