// Which part of a long conversation is on the page: the messages around where one reads, never all.

/** @typedef {import("../common/types").Message} Message */

/** So many messages are drawn; and so many more or fewer at a time while one scrolls. */
const MOST = 240;
const STEP = 80;

export class Stretch {
  /** The `seq` of the first and of the last that are drawn, whatever is loaded beyond them. */
  #from = 0;
  #to = Infinity;

  /** Of these, those that are drawn. @param {Message[]} messages in order */
  of(messages) {
    return messages.slice(this.#first(messages), this.#last(messages) + 1);
  }

  /** Whether everything before, or after, what is drawn is drawn too. @param {Message[]} messages */
  beginsWith(messages) {
    return this.#first(messages) <= 0;
  }

  /** @param {Message[]} messages */
  endsWith(messages) {
    return this.#last(messages) >= messages.length - 1;
  }

  /** @param {Message[]} messages */
  showEnd(messages) {
    this.#set(messages, messages.length - MOST, messages.length - 1);
  }

  /** @param {Message[]} messages @param {number} seq */
  showAround(messages, seq) {
    const at = messages.findIndex((message) => message.seq >= seq);
    const first = (at < 0 ? messages.length : at) - MOST / 2;
    this.#set(messages, first, first + MOST - 1);
  }

  /** Answers whether there was something to draw above. @param {Message[]} messages */
  up(messages) {
    if (this.beginsWith(messages)) return false;
    const first = this.#first(messages) - STEP;
    this.#set(messages, first, Math.min(this.#last(messages), Math.max(first, 0) + MOST - 1));
    return true;
  }

  /** Answers whether there was something to draw below. @param {Message[]} messages */
  down(messages) {
    if (this.endsWith(messages)) return false;
    const last = this.#last(messages) + STEP;
    const end = Math.min(last, messages.length - 1);
    this.#set(messages, Math.max(this.#first(messages), end - MOST + 1), last);
    return true;
  }

  /**
   * What was loaded or said since may have made it too long: it is cut where one does not look.
   * @param {Message[]} messages
   * @param {boolean} isNearTop
   */
  fit(messages, isNearTop) {
    const first = this.#first(messages);
    const last = this.#last(messages);
    if (last - first < MOST + STEP) return;
    if (isNearTop) this.#set(messages, first, first + MOST - 1);
    else this.#set(messages, last - MOST + 1, last);
  }

  /** Open to whatever is loaded, or said, beyond its ends. @param {Message[]} messages @param {number} first @param {number} last */
  #set(messages, first, last) {
    this.#from = first <= 0 ? 0 : (messages[first]?.seq ?? 0);
    this.#to = last >= messages.length - 1 ? Infinity : messages[last].seq;
  }

  /** @param {Message[]} messages */
  #first(messages) {
    return this.#from === 0 ? 0 : messages.findIndex(({ seq }) => seq >= this.#from);
  }

  /** @param {Message[]} messages */
  #last(messages) {
    if (this.#to === Infinity) return messages.length - 1;
    return messages.findLastIndex(({ seq }) => seq <= this.#to);
  }
}
