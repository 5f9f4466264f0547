// What is pinned in a room, as it is now: asked for while somebody looks.

import { call } from "../common/api.js";
import { Store } from "../common/store.js";
import { Asking } from "./asking.js";

/** @typedef {import("../common/types").Message} Message */

export class Pins extends Store {
  /** What was pinned last comes first. @type {Message[]} */
  messages = [];
  #asking = new Asking(() => this.#fetch());
  #isOpen = false;
  #isOld = true;

  /** @param {string} roomId */
  constructor(roomId) {
    super();
    this.roomId = roomId;
  }

  open() {
    this.#isOpen = true;
    if (this.#isOld) this.#asking.ask();
  }

  close() {
    this.#isOpen = false;
    this.#asking.stop();
  }

  /** Others are pinned by now. */
  moved() {
    this.#isOld = true;
    if (this.#isOpen) this.#asking.ask();
  }

  /** It says something else by now, or nothing. @param {string} messageId */
  changedOf(messageId) {
    if (this.has(messageId)) this.moved();
  }

  /** @param {string} messageId */
  has(messageId) {
    return this.messages.some(({ id }) => id === messageId);
  }

  async #fetch() {
    this.#isOld = false;
    try {
      this.messages = (await call("GET", `api/chat/rooms/${this.roomId}/pins`)).messages;
    } catch (error) {
      this.#isOld = true;
      throw error;
    }
    this.changed();
  }
}
