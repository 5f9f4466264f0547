// Asks for the messages of a room, or of a thread, page by page.

import { call } from "../common/api.js";

/**
 * @typedef {import("../common/types").Message} Message
 * @typedef {import("../common/types").Page} Page
 */

const PAGE = 50;
const LARGE_PAGE = 100;
/** So many pages are read anew; what is further back is loaded when somebody scrolls there. */
const MOST_ANEW = 5;
const SOME_NEW = 10;

export class MessagePages {
  /** @param {string} roomId @param {string} threadId "": those of the room itself */
  constructor(roomId, threadId) {
    this.roomId = roomId;
    this.threadId = threadId;
  }

  latest() {
    return this.#fetch({ limit: PAGE });
  }

  /** @param {string} id */
  before(id) {
    return this.#fetch({ beforeId: id, limit: PAGE });
  }

  /** @param {string} id */
  after(id) {
    return this.#fetch({ afterId: id, limit: LARGE_PAGE });
  }

  /** @param {{id?: string, seq?: number}} message */
  around({ id, seq = 0 }) {
    return this.#fetch({ ...(id ? { aroundId: id } : { aroundSeq: seq }), limit: LARGE_PAGE });
  }

  /** Those that are there and what was said since, as one page. @param {Message[]} there @returns {Promise<Page>} */
  async anew(there) {
    const { seq } = there[0];
    const limit = Math.min(there.length + SOME_NEW, LARGE_PAGE);
    let page = await this.#fetch({ limit });
    const messages = [...page.messages];
    const { lastSeq } = page;
    for (let left = MOST_ANEW - 1; left > 0 && page.hasMoreBefore && messages[0].seq > seq; left--) {
      page = await this.#fetch({ beforeId: messages[0].id, limit: LARGE_PAGE });
      messages.unshift(...page.messages);
    }
    const again = messages.filter((message) => message.seq >= seq);
    const hasMoreBefore = page.hasMoreBefore || again.length < messages.length;
    return { messages: again, hasMoreBefore, hasMoreAfter: false, lastSeq };
  }

  /** @param {Record<string, string | number>} query @returns {Promise<Page>} */
  async #fetch(query) {
    const { roomId, threadId } = this;
    if (!threadId) return call("GET", "api/chat/messages", { query: { roomId, ...query } });
    const page = await call("GET", "api/chat/messages", { query: { roomId, threadId, ...query } });
    if (page.hasMoreBefore) return page;
    return { ...page, messages: [...(await this.#root()), ...page.messages] };
  }

  /** The message that a thread hangs on stands at its beginning. @returns {Promise<Message[]>} */
  async #root() {
    const { roomId, threadId } = this;
    const query = { roomId, aroundId: threadId, limit: 1 };
    const { messages } = await call("GET", "api/chat/messages", { query });
    // I may have deleted it for myself.
    return messages.filter((/** @type {Message} */ { id }) => id === threadId);
  }
}
