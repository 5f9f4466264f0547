// Which messages are shown together: those of a day, and those one person wrote without a pause.

import { dayOf } from "../common/times.js";

const GROUP_WITHIN_MILLISECONDS = 5 * 60_000;

/**
 * @typedef {import("../common/types").Message} Message
 * @typedef {import("../common/types").Unsent} Unsent
 * @typedef {{
 *   key: string, message: Message | null, unsent: Unsent | null, mine: boolean, createdAt: string,
 *   isFirstUnread: boolean, startsGroup: boolean, endsGroup: boolean,
 * }} Row
 * @typedef {{day: string, rows: Row[]}} Day
 */

/**
 * The first message that was not read, if those before it are loaded too.
 * @param {Message[]} messages
 * @param {(message: Message) => boolean} counts whether it can be new to me
 * @param {number | null} readSeq
 * @param {boolean} hasMoreBefore
 */
export function firstUnread(messages, counts, readSeq, hasMoreBefore) {
  if (readSeq === null || messages.length === 0) return null;
  if (hasMoreBefore && messages[0].seq > readSeq + 1) return null;
  const isUnread = (/** @type {Message} */ message) =>
    message.seq > readSeq && counts(message) && !message.deletedAt && !message.system;
  return messages.find(isUnread) ?? null;
}

/**
 * @param {Message[]} messages in order
 * @param {Unsent[]} unsent what I wrote after them
 * @param {string} myId
 * @param {Message | null} unread the divider stands before it
 * @returns {Day[]}
 */
export function daysOf(messages, unsent, myId, unread) {
  const rows = [
    ...messages.map((message) => rowOf(message, myId, message === unread)),
    ...unsent.map(rowOfUnsent),
  ];
  /** @type {Day[]} */
  const days = [];
  for (const [index, row] of rows.entries()) {
    row.startsGroup = !belongTogether(rows[index - 1], row);
    row.endsGroup = !belongTogether(row, rows[index + 1]);
    const day = dayOf(row.createdAt);
    if (days.at(-1)?.day !== day) days.push({ day, rows: [] });
    days.at(-1)?.rows.push(row);
  }
  return days;
}

/** @param {Message} message @param {string} myId @param {boolean} isFirstUnread @returns {Row} */
function rowOf(message, myId, isFirstUnread) {
  const mine = message.senderId === myId;
  return {
    // The same for a message before and after it was confirmed: its place on the page stays.
    key: mine && message.clientId ? message.clientId : message.id,
    message,
    unsent: null,
    mine,
    createdAt: message.createdAt,
    isFirstUnread,
    startsGroup: false,
    endsGroup: false,
  };
}

/** @param {Unsent} unsent @returns {Row} */
function rowOfUnsent(unsent) {
  return {
    key: unsent.clientId,
    message: null,
    unsent,
    mine: true,
    createdAt: unsent.createdAt,
    isFirstUnread: false,
    startsGroup: false,
    endsGroup: false,
  };
}

/** @param {Row | undefined} one @param {Row | undefined} next */
function belongTogether(one, next) {
  if (!one || !next || next.isFirstUnread) return false;
  if (one.message?.system || next.message?.system) return false;
  const sameSender = one.mine ? next.mine : one.message?.senderId === next.message?.senderId;
  const pause = Date.parse(next.createdAt) - Date.parse(one.createdAt);
  return (
    sameSender &&
    pause < GROUP_WITHIN_MILLISECONDS &&
    dayOf(one.createdAt) === dayOf(next.createdAt)
  );
}
