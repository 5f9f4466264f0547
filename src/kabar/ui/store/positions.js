// How far each of the others is in a room. It never becomes less.

export class Positions {
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
