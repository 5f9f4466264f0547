// How far each of the others has read a room, or has it on a device.

import { Store } from "../common/store.js";

/** @typedef {import("../common/types").Message} Message */

export class Receipts extends Store {
  #read = new Positions();
  #delivered = new Positions();

  /** @param {string} me one's own positions say nothing */
  constructor(me) {
    super();
    this.me = me;
  }

  /** @param {{userId: string, lastReadSeq: number}} mark */
  read({ userId, lastReadSeq }) {
    this.#note(this.#read, userId, lastReadSeq);
  }

  /** @param {{userId: string, lastDeliveredSeq: number}} mark */
  delivered({ userId, lastDeliveredSeq }) {
    this.#note(this.#delivered, userId, lastDeliveredSeq);
  }

  /** Whether somebody else has read a message of mine. @param {Message} message */
  isRead(message) {
    return message.isRead || this.#read.reached(message.seq);
  }

  /** Whether a device of somebody else has it. @param {Message} message */
  isDelivered(message) {
    return message.isDelivered || this.#delivered.reached(message.seq);
  }

  /** @param {Positions} positions @param {string} userId @param {number} seq */
  #note(positions, userId, seq) {
    if (userId === this.me) return;
    positions.note(userId, seq);
    this.changed();
  }
}

/** How far each of them is. It never becomes less. */
class Positions {
  /** @type {Map<string, number>} */
  #seqs = new Map();

  /** @param {string} userId @param {number} seq */
  note(userId, seq) {
    this.#seqs.set(userId, Math.max(seq, this.#seqs.get(userId) ?? 0));
  }

  /** Whether anybody is there, or further. @param {number} seq */
  reached(seq) {
    return [...this.#seqs.values()].some((known) => known >= seq);
  }
}
