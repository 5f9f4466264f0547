// Who is typing in which room, and telling others that I am.

import { call, unmissed } from "../common/api.js";
import { Store } from "../common/store.js";
import { blocks } from "./blocks.js";
import { session } from "./session.js";

const LOST_AFTER_MILLISECONDS = 6_000;
const TELL_EVERY_MILLISECONDS = 3_000;
const STOPPED_AFTER_MILLISECONDS = 4_000;

class Typists extends Store {
  /** @type {Map<string, Map<string, {name: string, timer: number}>>} */
  #rooms = new Map();

  /** @param {string} roomId */
  names(roomId) {
    return [...(this.#rooms.get(roomId)?.values() ?? [])].map((typist) => typist.name);
  }

  /** @param {import("../common/types").Typing} event */
  hear({ roomId, userId, name, typing }) {
    if (userId === session.user?.id || blocks.has(userId)) return;
    this.stopped(roomId, userId);
    if (!typing) return;
    const room = this.#rooms.get(roomId) ?? new Map();
    const timer = setTimeout(() => this.stopped(roomId, userId), LOST_AFTER_MILLISECONDS);
    this.#rooms.set(roomId, room.set(userId, { name, timer }));
    this.changed();
  }

  /** @param {string} roomId @param {string} userId */
  stopped(roomId, userId) {
    const typist = this.#rooms.get(roomId)?.get(userId);
    if (!typist) return;
    clearTimeout(typist.timer);
    this.#rooms.get(roomId)?.delete(userId);
    this.changed();
  }
}

export const typists = new Typists();

/** Tells a room that I type, not more often than needed, and that I stopped. */
export class MyTyping {
  #told = 0;
  #timer = 0;

  /** @param {string} roomId */
  constructor(roomId) {
    this.roomId = roomId;
  }

  typed() {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.stop(), STOPPED_AFTER_MILLISECONDS);
    if (Date.now() - this.#told < TELL_EVERY_MILLISECONDS) return;
    this.#told = Date.now();
    this.#tell(true);
  }

  stop() {
    this.forget();
    if (this.#told === 0) return;
    this.#told = 0;
    this.#tell(false);
  }

  /** A message says it better: the others stop showing it when the message arrives. */
  sent() {
    this.forget();
    this.#told = 0;
  }

  forget() {
    clearTimeout(this.#timer);
  }

  /** @param {boolean} typing */
  #tell(typing) {
    // Nobody misses it when it is lost.
    unmissed(call("POST", "api/chat/typing", { body: { roomId: this.roomId, typing } }));
  }
}
