// What is pinned in a room, as it is now.

import { call } from "../common/api.js";
import { Store } from "../common/store.js";
import { live } from "../live/live.js";
import { Asking } from "./asking.js";

/** @typedef {import("../common/types").Message} Message */

export class Pins extends Store {
  /** What was pinned last comes first. @type {Message[]} */
  messages = [];
  #asking = new Asking(() => this.#fetch());
  #stopListening = () => {};

  /** @param {string} roomId */
  constructor(roomId) {
    super();
    this.roomId = roomId;
  }

  open() {
    this.close();
    const ask = () => this.ask();
    const askIfPinned = (/** @type {string} */ id) => this.has(id) && this.ask();
    const channel = `private-room-${this.roomId}`;
    if (!live.isSubscribed(channel)) this.ask();
    this.#stopListening = live.listen(
      channel,
      {
        "message-pinned": ask,
        "message-unpinned": ask,
        "message-edited": ({ id }) => void askIfPinned(id),
        "message-deleted": ({ messageId }) => void askIfPinned(messageId),
      },
      ask,
    );
  }

  close() {
    this.#stopListening();
    this.#asking.stop();
  }

  ask() {
    this.#asking.ask();
  }

  /** @param {string} messageId */
  has(messageId) {
    return this.messages.some(({ id }) => id === messageId);
  }

  async #fetch() {
    this.messages = (await call("GET", `api/chat/rooms/${this.roomId}/pins`)).messages;
    this.changed();
  }
}
