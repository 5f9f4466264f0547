// Which of two things that are known of a room is newer: answers and events come by different roads.

/** @typedef {import("../common/types").Room} Room */

/**
 * With the counts that something told, unless newer ones are known.
 * @param {Room["me"]} me
 * @param {{unreadCount?: number, mentionsCount?: number, firstMentionId?: string | null, version?: number}} counts
 */
export function counted(me, { unreadCount, mentionsCount, firstMentionId, version }) {
  if (unreadCount === undefined || (version ?? Infinity) < (me.version ?? 0)) return me;
  const mentions = mentionsCount ?? (unreadCount ? me.mentionsCount : 0);
  const first = mentions ? (firstMentionId ?? me.firstMentionId) : null;
  return { ...me, unreadCount, mentionsCount: mentions, firstMentionId: first, version: version ?? me.version };
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
      // Less is read than before where somebody has marked the room as unread.
      (known.me.lastReadSeq > answered.me.lastReadSeq &&
        (known.me.version ?? 0) >= (answered.me.version ?? 0)) ||
      (known.me.version ?? 0) > (answered.me.version ?? 0));
  if (!isStale) return answered;
  const { lastSeq, lastMessage, lastMessageAt, me } = known;
  return { ...answered, lastSeq, lastMessage, lastMessageAt, me };
}
