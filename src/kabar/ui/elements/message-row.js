// One message: the bubble, when it was said, what became of it, and what can be done with it.

import { forwardWords } from "../common/forward-words.js";
import { inFull, timeOfDay } from "../common/times.js";
import { moderationWords } from "../common/moderation-words.js";
import { threadWords } from "../common/thread-words.js";
import { isolated, words } from "../common/words.js";
import { mayEdit, mayPin } from "../store/permissions.js";
import { rooms } from "../store/rooms.js";
import { classMap, html, nothing } from "../vendor/lit.js";
import { attachmentsOf } from "./attachments.js";
import { avatar } from "./avatar.js";
import { moveFocus } from "./focus.js";
import { icon } from "./icon.js";
import { previewsOf } from "./link-previews.js";
import { plainOf } from "./markup.js";
import { messageReactions } from "./message-reactions.js";
import "./poll.js";
import { isOnlyEmoji, sentence, written } from "./text.js";
import { threadLine } from "./thread-line.js";

/**
 * @typedef {import("./message-groups.js").Row} Row
 * @typedef {{
 *   isGroup: boolean,
 *   foundId: string,
 *   isFolded: (message: import("../common/types").Message) => boolean,
 *   unfold: (message: import("../common/types").Message) => void,
 *   log: import("../store/room-log.js").RoomLog,
 *   act: (wish: import("./message-acts.js").Wish) => void,
 * }} Surroundings
 */

/** @param {Row} row @param {Surroundings} around */
export function messageRow(row, around) {
  const { message, unsent, mine, startsGroup, endsGroup, isFirstUnread } = row;
  if (message?.system) return told(message, row.key);
  const quote = message?.replyTo ?? unsent?.replyTo ?? null;
  const content = message?.content ?? unsent?.content ?? "";
  const classes = {
    row: true,
    mine,
    starts: startsGroup,
    ends: endsGroup,
    pending: unsent !== null && unsent.state !== "failed",
    failed: unsent?.state === "failed",
    deleted: Boolean(message?.deletedAt),
    emoji: isOnlyEmoji(content),
    found: message !== null && message.id === around.foundId,
  };
  if (message && around.isFolded(message)) return folded(row, around);
  return html`${isFirstUnread ? divider() : nothing}
    <div class=${classMap(classes)} data-key=${row.key}>
      ${mine ? nothing : face(row)}
      <div class="column">
        ${startsGroup && around.isGroup && message && !mine
          ? html`<span class="sender" dir="auto">${message.sender.name}</span>`
          : nothing}
        <div class="line">
          <div class="bubble" tabindex="-1" role="article" aria-label=${spoken(row)}>
            ${quote && !message?.deletedAt ? quoted(row, quote, around) : nothing}
            ${message?.forwardedFrom ? origin(message.forwardedFrom) : nothing}
            ${files(row, around)}${message?.poll ? poll(row, message.poll, around) : text(row, content)}${previews(row, around)}
          </div>
          ${meta(row, around)}${message && !message.deletedAt ? actions(row, around) : nothing}
        </div>
        ${message ? [messageReactions(message, around), threadLine(message, around)] : nothing}
        ${unsent?.state === "failed" ? failure(unsent, around) : nothing}
      </div>
    </div>`;
}

/** What happened in the group, which nobody said. @param {import("../common/types").Message} message @param {string} key */
const told = ({ content }, key) => html`<p class="told" data-key=${key} dir="auto">${content}</p>`;
/** What somebody says whom I block: one line for all that they say in a row.
 * @param {Row} row @param {Surroundings} around */
const folded = ({ key, message, startsGroup }, around) => html`<div class="row folded" data-key=${key}>
  ${startsGroup && message
    ? html`<span>${words.hiddenMessage}</span>
        <button class="text-button" @click=${() => around.unfold(message)}>${words.showHidden}</button>`
    : nothing}
</div>`;

/** @param {Row} row @param {import("../common/types").Quote} quote @param {Surroundings} around */
const quoted = ({ message }, quote, around) =>
  html`<button
    class="quote"
    title=${words.jumpToQuoted}
    ?disabled=${!message}
    @click=${() => message && around.act({ act: "jump", message, to: quote.id })}
  >
    <b dir="auto">${quote.senderName}</b>
    <span dir="auto">${quote.deletedAt ? words.deleted : plainOf(quote.content)}</span>
  </button>`;

/** @param {Row} row @param {Surroundings} around */
function files({ message, unsent }, around) {
  const attachments = message?.attachments ?? unsent?.attachments ?? [];
  if (attachments.length === 0 || message?.deletedAt) return nothing;
  return attachmentsOf(
    attachments,
    message && (({ id }) => around.act({ act: "view", message, attachmentId: id })),
  );
}

/** @param {Row} row @param {Surroundings} around */
function previews({ message, mine }, around) {
  if (!message || message.deletedAt) return nothing;
  const remove = mine ? previewRemover(message, around) : null;
  return previewsOf(message.linkPreviews, remove);
}

/** @param {import("../common/types").Message} message @param {Surroundings} around */
const previewRemover = (message, around) =>
  (/** @type {import("../common/types").LinkPreview} */ { url }) =>
    around.act({ act: "unpreview", message, to: url });

/** @param {Row} row @param {string} content */
function text({ message }, content) {
  const said = message?.deletedAt ? words.deleted : content;
  if (said === "") return nothing;
  return html`<span class="text" dir="auto"
    >${message?.deletedAt ? said : written(said, message?.mentionNames)}</span
  >`;
}

/** @param {Row} row @param {import("../common/types").Poll} asked @param {Surroundings} around */
function poll(row, asked, around) {
  const { message, mine } = row;
  if (!message) return nothing;
  const vote = (/** @type {CustomEvent<string[]>} */ { detail: optionIds }) =>
    around.act({ act: "vote", message, optionIds });
  return html`${message.content === asked.question ? nothing : text(row, message.content)}
    <kabar-poll
      .poll=${asked}
      .mine=${mine}
      @vote=${vote}
      @close-poll=${() => around.act({ act: "close-poll", message })}
    ></kabar-poll>`;
}

/** @param {{senderName: string}} from */
const origin = ({ senderName }) => html`<span class="origin">
  ${icon("forward")}${sentence(forwardWords.forwardedFrom(senderName))}
</span>`;

const divider = () =>
  html`<div class="divider" role="separator"><span>${words.newMessages}</span></div>`;

/** @param {Row} row */
const face = ({ message, startsGroup }) =>
  html`<div class="face">
    ${startsGroup && message ? avatar(message.sender, "small") : nothing}
  </div>`;

/** @param {Row} row */
function spoken({ message, mine, createdAt }) {
  const who = mine ? words.you : isolated(message?.sender.name ?? "");
  return `${who}, ${timeOfDay(createdAt)}`;
}

/** @param {Row} row @param {Surroundings} around */
const meta = (row, around) => html`<span class="meta">
  ${row.message?.editedAt && !row.message.deletedAt
    ? former(row.message, around)
    : nothing}
  <time datetime=${row.createdAt} title=${inFull(row.createdAt)}>${timeOfDay(row.createdAt)}</time>
  ${row.mine && !row.message?.deletedAt ? tick(row, around) : nothing}
</span>`;

/** @param {import("../common/types").Message} message @param {Surroundings} around */
const former = (message, around) => html`<button
  class="text-button"
  title=${words.seeFormer}
  aria-label=${words.seeFormer}
  @click=${() => around.act({ act: "former", message })}
>
  ${words.edited}
</button>`;

/** @param {Row} row @param {Surroundings} around */
function tick({ message, unsent }, around) {
  if (unsent?.state === "failed") return named("circle-alert", words.failed, "failed-tick");
  if (unsent) return named("clock", unsent.state === "waiting" ? words.waiting : words.sending);
  if (message && around.log.receipts.isRead(message)) return named("check-check", words.read, "read-tick");
  if (message && around.log.receipts.isDelivered(message)) return named("check-check", words.delivered);
  return named("check", words.sent);
}

/** @param {Parameters<typeof icon>[0]} name @param {string} label @param {string} [kind] */
const named = (name, label, kind = "") =>
  html`<span class="tick ${kind}" role="img" aria-label=${label} title=${label}>
    ${icon(name)}
  </span>`;

/** @param {Row} row @param {Surroundings} around */
function actions({ message, mine }, around) {
  if (!message) return nothing;
  const copy = () => navigator.clipboard.writeText(message.content);
  // Browsers give the clipboard to secure pages only.
  const mayCopy = isSecureContext;
  return html`<div class="actions" role="toolbar" aria-label=${words.actions}
    @keydown=${(/** @type {KeyboardEvent} */ event) => moveFocus(event, ".action")}>
    ${action("smile-plus", words.react, () => around.act({ act: "pick", message }))}
    ${action("reply", words.reply, () => around.act({ act: "reply", message }))}
    ${around.log.threadId
      ? nothing
      : action("message-circle", threadWords.replyInThread, () => around.act({ act: "thread", message }))}
    ${message.poll ? nothing : forwarding(message, around)}
    ${mayCopy && message.content ? action("copy", words.copy, copy) : nothing}
    ${mayEdit(message, around.log.userId) ? action("pencil", words.edit, () => around.act({ act: "edit", message })) : nothing}
    ${mayPin(rooms.find(message.roomId)) ? pinning(message, around) : nothing}
    ${mine || around.log.threadId
      ? nothing
      : action("bell", words.markUnread, () => around.act({ act: "unread", message }))}
    ${mine ? nothing : action("flag", moderationWords.report, () => around.act({ act: "report", message }))}
    ${action("trash-2", words.delete, () => around.act({ act: "delete", message }))}
  </div>`;
}

/** @param {import("../common/types").Message} message @param {Surroundings} around */
const forwarding = (message, around) =>
  action("forward", forwardWords.forward, () => around.act({ act: "forward", message }));

/** @param {import("../common/types").Message} message @param {Surroundings} around */
function pinning(message, around) {
  const isPinned = around.log.pins.has(message.id);
  const label = isPinned ? words.unpinMessage : words.pinMessage;
  return action(isPinned ? "pin-off" : "pin", label, () => around.act({ act: "pin", message }));
}

/** @param {Parameters<typeof icon>[0]} name @param {string} label @param {() => void} act */
const action = (name, label, act) =>
  html`<button class="action" aria-label=${label} title=${label} @click=${act}>
    ${icon(name)}
  </button>`;

/** @param {import("../common/types").Unsent} unsent @param {Surroundings} around */
const failure = (unsent, around) => html`<div class="failure" role="alert">
  <span>${unsent.reason}</span>
  <button class="text-button" @click=${() => around.log.outgoing.retry(unsent.clientId)}>
    ${words.retry}
  </button>
  <button class="text-button" @click=${() => around.log.outgoing.drop(unsent.clientId)}>
    ${words.delete}
  </button>
</div>`;
