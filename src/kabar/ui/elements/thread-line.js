// Under a message that a thread hangs on: how much was said there, and the way to it.

import { threadWords as words } from "../common/thread-words.js";
import { badge } from "./badge.js";
import { html, nothing } from "../vendor/lit.js";
import { icon } from "./icon.js";

/**
 * @param {import("../common/types").Message} message
 * @param {import("./message-row.js").Surroundings} around
 */
export function threadLine(message, around) {
  const { thread } = message;
  if (!thread?.repliesCount || around.log.threadId) return nothing;
  const { repliesCount, lastReplyAt, unreadCount = 0 } = thread;
  return html`<button
    class="thread ${unreadCount ? "unread" : ""}"
    aria-description=${unreadCount ? words.unread(unreadCount) : nothing}
    @click=${() => around.act({ act: "thread", message })}
  >
    ${icon("message-circle")}<b>${words.replies(repliesCount)}</b>
    ${lastReplyAt ? html`<span class="quiet">· ${words.last(lastReplyAt)}</span>` : nothing}
    ${badge(unreadCount)}
  </button>`;
}
