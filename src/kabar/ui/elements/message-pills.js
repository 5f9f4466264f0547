// Buttons below the messages that lead to others: to the first unread one, to the next that mentions me, to the newest.

import { composerWords } from "../common/composer-words.js";
import { words } from "../common/words.js";
import { html, nothing } from "../vendor/lit.js";
import { icon } from "./icon.js";

/**
 * They stand in the strip below the messages, where there is always room for them: they cover
 * nothing, and nothing moves when they come and go. Where one does not lead, it is null.
 * @param {{toUnread: (() => unknown) | null, toLatest: (() => unknown) | null, missed: number}} ways
 */
export function pills({ toUnread, toLatest, missed }) {
  if (!toUnread && !toLatest) return nothing;
  const latest = missed > 0 ? words.countNew(missed) : words.latest;
  return html`<div class="pills">
    ${toUnread ? pill("unread", words.jumpToUnread, words.firstUnread, toUnread) : nothing}
    ${toLatest ? pill("latest", words.jumpToLatest, latest, toLatest) : nothing}
  </div>`;
}

/** To the next message that mentions me, further down. @param {() => unknown} act */
export const mentionPill = (act) => html`<div class="pill to-mention">
  <button
    class="button"
    title=${composerWords.nextMention}
    aria-label="@: ${composerWords.nextMention}"
    @click=${act}
  >
    @
  </button>
</div>`;

/**
 * A message that mentions me, unless one has come to it; "": none.
 * @param {string} id
 * @param {import("./message-list.js").MessageList | null} list
 */
export function mentionBeyond(id, list) {
  if (!id || !list?.placed) return "";
  const seq = list.log.messages.find((each) => each.id === id)?.seq ?? Infinity;
  return seq > list.seenSeq ? id : "";
}

/**
 * @param {"unread" | "latest"} kind
 * @param {string} label
 * @param {string} text
 * @param {() => unknown} act
 */
const pill = (kind, label, text, act) => html`<div class="pill ${kind}">
  <button
    class="button"
    title=${label}
    aria-label="${text}: ${label}"
    @click=${act}
  >
    ${icon(kind === "latest" ? "arrow-down" : "arrow-up")}${text}
  </button>
</div>`;
