// Which of two things that are known of a room is newer: answers and events come by different roads.

/** @typedef {import("../common/types").Room} Room */

/**
 * With the counts that something told, unless newer ones are known.
 * @param {Room["me"]} me
 * @param {{unreadCount?: number, version?: number}} counts
 */
export function counted(me, { unreadCount, version }) {
  if (unreadCount === undefined || (version ?? Infinity) < (me.version ?? 0)) return me;
  return { ...me, unreadCount, version: version ?? me.version };
}

/**
 * An answer may be older than an event that overtook it.
 * @param {Room | null} known
 * @param {Room} answered
 * @returns {Room}
 */
export function freshest(known, answered) {
  const isStale =
    known &&
    (known.lastSeq > answered.lastSeq ||
      known.me.lastReadSeq > answered.me.lastReadSeq ||
      (known.me.version ?? 0) > (answered.me.version ?? 0));
  if (!isStale) return answered;
  const { lastSeq, lastMessage, lastMessageAt, me } = known;
  return { ...answered, lastSeq, lastMessage, lastMessageAt, me };
}
