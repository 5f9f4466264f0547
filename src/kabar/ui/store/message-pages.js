// Asks for the messages of a room, page by page.

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
  /** @param {string} roomId */
  constructor(roomId) {
    this.roomId = roomId;
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
    for (let left = MOST_ANEW - 1; left > 0 && page.hasMoreBefore && messages[0].seq > seq; left--) {
      page = await this.#fetch({ beforeId: messages[0].id, limit: LARGE_PAGE });
      messages.unshift(...page.messages);
    }
    const again = messages.filter((message) => message.seq >= seq);
    const hasMoreBefore = page.hasMoreBefore || again.length < messages.length;
    return { messages: again, hasMoreBefore, hasMoreAfter: false };
  }

  /** @param {Record<string, string | number>} query @returns {Promise<Page>} */
  #fetch(query) {
    return call("GET", "api/chat/messages", { query: { roomId: this.roomId, ...query } });
  }
}
