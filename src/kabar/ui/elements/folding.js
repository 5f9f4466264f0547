// What people say whom I block is folded away in common rooms, until I want to see it.

import { Follows } from "../common/store.js";
import { blocks } from "../store/blocks.js";

/** @typedef {import("../common/types").Message} Message */

export class Folding {
  /** Whose messages are shown all the same, as long as the host is there. @type {Set<string>} */
  #shown = new Set();

  /** @param {import("../vendor/lit.js").ReactiveControllerHost} host */
  constructor(host) {
    this.host = host;
    new Follows(host, blocks);
  }

  surroundings = {
    isFolded: (/** @type {Message} */ { senderId }) =>
      blocks.has(senderId) && !this.#shown.has(senderId),
    unfold: (/** @type {Message} */ { senderId }) => {
      this.#shown.add(senderId);
      this.host.requestUpdate();
    },
  };

  /** Whether a message can be new to somebody. @param {string} userId */
  counts = (userId) => (/** @type {Message} */ { senderId }) =>
    senderId !== userId && !blocks.has(senderId);
}
