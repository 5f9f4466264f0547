// The messages of a room, or of a thread in it, as far as they are held, and what becomes of them.

import { Store } from "../common/store.js";
import { Expiry } from "./expiry.js";
import { Pins } from "./pins.js";
import { Receipts } from "./receipts.js";
import { Timeline } from "./timeline.js";

/** @typedef {import("../common/types").Message} Message */

export class HeldMessages extends Store {
  timeline = new Timeline();

  /** @param {string} roomId @param {string} userId @param {string} threadId "": the room itself */
  constructor(roomId, userId, threadId) {
    super();
    this.roomId = roomId;
    this.userId = userId;
    /** The message that the thread hangs on; it is the first one of it. */
    this.threadId = threadId;
    this.pins = new Pins(roomId);
    this.receipts = new Receipts(userId);
    this.expiry = new Expiry(this.timeline, this.pins, () => this.changed());
    for (const part of [this.pins, this.receipts]) {
      part.addEventListener("change", () => this.changed());
    }
  }

  get messages() {
    return this.timeline.messages;
  }

  /** What became of a message, as the server says. @param {Message} message */
  update(message) {
    this.timeline.update(message);
    this.pins.changedOf(message.id);
    this.changed();
  }

  /** What the server has not confirmed, or what it told of a message. @param {string} id @param {Partial<Message>} changes */
  change(id, changes) {
    this.timeline.change(id, changes);
    this.changed();
  }

  /** It was deleted, for all or only for me. @param {Pick<import("../common/types").Deletion, "messageId" | "scope" | "deletedAt">} deletion */
  remove({ messageId, scope, deletedAt = new Date().toISOString() }) {
    if (scope === "me") this.timeline.hide(messageId);
    else this.timeline.strike(messageId, deletedAt);
    this.pins.changedOf(messageId);
    this.changed();
  }

  /** @param {import("../common/types").Reaction} reaction @param {boolean} isAdded */
  react(reaction, isAdded) {
    this.timeline.react(reaction, reaction.userId === this.userId ? isAdded : undefined);
    this.changed();
  }

  /** @param {import("../common/types").PollNews} news */
  stand(news) {
    this.timeline.stand(news);
    this.changed();
  }

  /** @param {import("../common/types").ThreadNews} news */
  hang(news) {
    this.timeline.hang(news);
    this.changed();
  }

  /** @param {import("../common/types").ThreadMark} mark */
  readOn(mark) {
    if (mark.threadId === this.threadId) this.receipts.read(mark);
    if (mark.userId === this.userId) this.timeline.readOn(mark);
    this.changed();
  }
}
