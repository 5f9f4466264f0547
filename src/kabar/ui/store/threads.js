// What hangs on a message, with what I have not read of it: whichever news of it comes first.

/**
 * @typedef {import("../common/types").Message} Message
 * @typedef {import("../common/types").Thread} Thread
 */

/**
 * What many are told at once does not say what I have not read; of two counts the newer one stays.
 * @param {Thread | null} thread
 * @param {Thread | null} known
 * @returns {Thread | null}
 */
export function withMyUnread(thread, known) {
  if (!thread || !known) return thread;
  const isNewer = thread.version !== undefined && thread.version >= (known.version ?? 0);
  const { unreadCount, version } = isNewer ? thread : known;
  return { ...thread, unreadCount, version };
}

/** There are more replies, or fewer. @param {Message} message @param {import("../common/types").ThreadNews} news */
export const withReplies = (message, { thread, version }) => ({
  ...message,
  thread: withMyUnread(thread, message.thread),
  version: Math.max(message.version, version),
});

/** I have read on. @param {Message} message @param {import("../common/types").ThreadMark} mark @returns {Message} */
export function withRead(message, { unreadCount, version = 0 }) {
  const { thread } = message;
  if (!thread || unreadCount === undefined || version < (thread.version ?? 0)) return message;
  return { ...message, thread: { ...thread, unreadCount, version } };
}
