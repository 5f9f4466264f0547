// What I want to have said later in a room: the same on all my devices.

import { call } from "../common/api.js";
import { Store } from "../common/store.js";
import { live } from "../live/live.js";
import { Asking } from "./asking.js";
import { newClientId } from "./outgoing.js";

/** @typedef {import("../common/types").ScheduledMessage} ScheduledMessage */

export class Scheduled extends Store {
  /** The next first. @type {ScheduledMessage[]} */
  list = [];
  #asking = new Asking(() => this.#load(), () => this.changed());
  #stopListening = () => {};

  /** @param {string} roomId @param {string} userId */
  constructor(roomId, userId) {
    super();
    this.roomId = roomId;
    this.userId = userId;
  }

  open() {
    const channel = `private-user-${this.userId}`;
    const ask = () => void this.#asking.ask();
    if (!live.isSubscribed(channel)) ask();
    this.#stopListening = live.listen(
      channel,
      { "scheduled-updated": ({ roomId }) => void (roomId === this.roomId && ask()) },
      ask,
    );
  }

  close() {
    this.#stopListening();
    this.#asking.stop();
  }

  /** @param {string} content @param {import("../common/types").Attachment[]} attachments @param {Date} sendAt */
  add(content, attachments, sendAt) {
    const attachmentIds = attachments.map(({ id }) => id);
    const said = { roomId: this.roomId, content, attachmentIds };
    return call("POST", "api/chat/send", {
      body: { ...said, clientId: newClientId(), sendAt: sendAt.toISOString() },
    });
  }

  /** @param {string} id @param {Date} sendAt */
  move(id, sendAt) {
    return call("PATCH", `api/chat/scheduled/${id}`, { body: { sendAt: sendAt.toISOString() } });
  }

  /** @param {string} id */
  takeBack(id) {
    return call("DELETE", `api/chat/scheduled/${id}`);
  }

  async #load() {
    const query = { roomId: this.roomId, limit: 100 };
    this.list = (await call("GET", "api/chat/scheduled", { query })).scheduled;
    this.changed();
  }
}
