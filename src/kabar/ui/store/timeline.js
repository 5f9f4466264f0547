// Messages in the order of their room, each once; and up to which one none is missing.

import { withMyVotes } from "./polls.js";
import { withMyUnread, withRead, withReplies } from "./threads.js";

/** @typedef {import("../common/types").Message} Message */

export class Timeline {
  /** @type {Message[]} */
  messages = [];
  /** Up to this one nothing is missing. */
  sureSeq = 0;
  /** Numbers after it that were told, and are none of these messages. @type {Set<number>} */
  #skipped = new Set();

  get first() {
    return this.messages[0];
  }

  get last() {
    return this.messages.at(-1);
  }

  /** The last one before what may be missing. */
  get lastSure() {
    return this.messages.findLast((message) => message.seq <= this.sureSeq);
  }

  /** Another part of the room takes the place of what was there. @param {Message[]} page */
  replace(page) {
    const known = new Map(this.messages.map((message) => [message.id, message]));
    this.messages = page.map((message) => fresher(known.get(message.id), message));
    this.sureSeq = page.at(-1)?.seq ?? 0;
  }

  /** Up to there nothing more is to be had. @param {number} seq @returns {boolean} whether nothing was missing */
  beSureOf(seq) {
    const wasSure = this.sureSeq >= seq;
    this.sureSeq = Math.max(this.sureSeq, seq);
    this.#goOn(new Set(this.messages.map((message) => message.seq)));
    return wasSure;
  }

  /** @param {Message[]} incoming */
  merge(incoming) {
    // What is said now comes after all that is there: no need to look through it.
    if (incoming.length === 1 && incoming[0].seq > (this.last?.seq ?? Infinity)) {
      this.messages = [...this.messages, incoming[0]];
      if (incoming[0].seq === this.sureSeq + 1) this.#goOn(new Set([incoming[0].seq]));
      return;
    }
    const known = new Map(this.messages.map((message) => [message.id, message]));
    for (const message of incoming) known.set(message.id, fresher(known.get(message.id), message));
    this.messages = [...known.values()].sort((one, other) => one.seq - other.seq);
    this.#goOn(new Set(this.messages.map((message) => message.seq)));
  }

  /** A page of the server: it has no holes, and follows on what is sure. @param {Message[]} page */
  mergePage(page) {
    this.sureSeq = Math.max(this.sureSeq, page.at(-1)?.seq ?? 0);
    this.merge(page);
  }

  /** @param {string} id @param {Partial<Message>} changes */
  change(id, changes) {
    this.#become(id, (message) => ({ ...message, ...changes }));
  }

  /** It is deleted for all, also where it is quoted. @param {string} id @param {string} deletedAt */
  strike(id, deletedAt) {
    this.change(id, { content: "", attachments: [], deletedAt, reactions: [], poll: undefined });
    this.messages = this.messages.map((message) =>
      message.replyTo?.id === id
        ? { ...message, replyTo: { ...message.replyTo, content: "", deletedAt } }
        : message,
    );
  }

  /** I deleted it for myself. @param {string} id */
  hide(id) {
    this.messages = this.messages.filter((message) => message.id !== id);
  }

  /** They have disappeared, also where they are quoted. @param {number[]} seqs */
  expire(seqs) {
    const gone = new Set(seqs);
    this.messages = this.messages
      .filter(({ seq }) => !gone.has(seq))
      .map((message) =>
        message.replyTo && gone.has(message.replyTo.seq) ? { ...message, replyTo: null } : message,
      );
    for (const seq of seqs) if (seq > this.sureSeq) this.skip(seq);
  }

  /** What became of a message, if it is here: others may be far from what is loaded. @param {Message} message */
  update(message) {
    this.#become(message.id, (known) => fresher(known, message));
  }

  /**
   * @param {import("../common/types").Reaction} reaction
   * @param {boolean | undefined} isMine whether the emoji is mine from now on; undefined: not my doing
   */
  react({ messageId, emoji, reactions, version }, isMine) {
    this.#become(messageId, (known) => {
      if (known.version >= version) return known;
      const mine = { ...mineOf(known), ...(isMine === undefined ? {} : { [emoji]: isMine }) };
      return { ...known, version, reactions: withMine(reactions, mine) };
    });
  }

  /** How a poll stands now. @param {import("../common/types").PollNews} news */
  stand({ messageId, poll, version }) {
    this.#become(messageId, (known) => {
      // Two roads tell me of my own vote: one says what I chose, the other is for all.
      if (known.deletedAt || known.version > version) return known;
      return { ...known, version, poll: withMyVotes(poll, known.poll) };
    });
  }

  /** Something else has this number. @param {number} seq */
  skip(seq) {
    this.#skipped.add(seq);
    this.#goOn(new Set());
  }

  /** How a thread stands that hangs on a message. @param {import("../common/types").ThreadNews} news */
  hang(news) {
    this.#become(news.threadId, (known) => withReplies(known, news));
  }

  /** I have read on in a thread. @param {import("../common/types").ThreadMark} mark */
  readOn(mark) {
    this.#become(mark.threadId, (known) => withRead(known, mark));
  }

  /** @param {Set<number>} seqs that are there */
  #goOn(seqs) {
    const isThere = (/** @type {number} */ seq) => seqs.has(seq) || this.#skipped.has(seq);
    while (isThere(this.sureSeq + 1)) this.sureSeq += 1;
    for (const seq of this.#skipped) if (seq <= this.sureSeq) this.#skipped.delete(seq);
  }

  /** @param {string} id @param {(message: Message) => Message} change */
  #become(id, change) {
    this.messages = this.messages.map((message) => (message.id === id ? change(message) : message));
  }
}

/**
 * An answer may be older than an event that overtook it.
 * @param {Message | undefined} known
 * @param {Message} incoming
 */
function fresher(known, incoming) {
  if (!known) return incoming;
  const isOlder = (known.deletedAt && !incoming.deletedAt) || known.version > incoming.version;
  return {
    ...(isOlder ? known : withMineOf(known, incoming)),
    isRead: known.isRead || incoming.isRead,
    isDelivered: known.isDelivered || incoming.isDelivered,
    readAt: known.readAt ?? incoming.readAt,
  };
}

/** @param {Message} known @param {Message} incoming @returns {Message} */
const withMineOf = (known, incoming) => ({
  ...incoming,
  reactions: withMine(incoming.reactions, mineOf(known)),
  poll: withMyVotes(incoming.poll, known.poll),
  thread: withMyUnread(incoming.thread, known.thread),
});

/** Which emoji are mine. @param {Message} message @returns {Record<string, boolean>} */
const mineOf = ({ reactions }) =>
  Object.fromEntries(reactions.map(({ emoji, mine = false }) => [emoji, mine]));

/**
 * @param {import("../common/types").ReactionCount[]} reactions
 * @param {Record<string, boolean>} mine where they do not say it themselves
 */
const withMine = (reactions, mine) =>
  reactions.map((each) => ({ ...each, mine: each.mine ?? mine[each.emoji] ?? false }));
