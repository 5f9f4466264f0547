// How the messages of a room, or of a thread in it, come here; and what I am about to add to them.

import { Problem } from "../common/api.js";
import { Asking } from "./asking.js";
import { HeldMessages } from "./held-messages.js";
import { Holes } from "./holes.js";
import { Loads } from "./loads.js";
import { Meanwhile } from "./meanwhile.js";
import { MessagePages } from "./message-pages.js";
import { Outgoing } from "./outgoing.js";

/** @typedef {import("../common/types").Message} Message */

const PAGES_OF_CATCHING_UP = 10;

/**
 * @typedef {object} Around what a log cannot do by itself
 * @property {(log: RoomLog) => void} lookedAt somebody opened the room
 * @property {(message: Message) => void} said I said it, on this page
 * @property {() => Promise<void>} missed something was said that nobody told: ask what happened
 */

export class RoomLog extends HeldMessages {
  /** @type {"new" | "ready" | "gone"} */
  status = "new";
  hasMoreBefore = false;
  /** What is held is what the server has, as far as one hears of it. */
  fresh = false;
  /** The newest messages are not loaded: the list shows an older stretch. */
  hasMoreAfter = false;
  /** The newest message that belongs here, loaded or not. */
  newestSeq = 0;
  /** "older", "newer" and "around". */
  loads = new Loads();

  /** Changes when another part of the room takes the place of what was loaded. */
  #stretch = 0;
  #viewers = 0;
  /** The newest number that was heard of, wherever it was given. */
  #heardSeq = 0;
  #pages;
  #meanwhile = new Meanwhile();
  #asking = new Asking(() => this.#readAnew(), () => this.changed());
  #holes = new Holes(
    () => this.status === "ready" && !this.hasMoreAfter && this.#heardSeq > this.timeline.sureSeq,
    () => this.#fillHole(),
  );

  /** @param {string} roomId @param {string} userId @param {Around} around @param {string} threadId "": the room itself */
  constructor(roomId, userId, around, threadId) {
    super(roomId, userId, threadId);
    this.around = around;
    this.#pages = new MessagePages(roomId, threadId);
    this.outgoing = new Outgoing(roomId, userId, (message) => around.said(message), threadId);
    this.outgoing.addEventListener("change", () => this.changed());
  }

  /** Why what is shown may be old, or is not there at all. */
  get problem() {
    return this.#asking.problem;
  }

  /** Somebody looks at it. */
  get isOpen() {
    return this.#viewers > 0;
  }

  /** It has something that events keep right. */
  get isHeld() {
    return this.isOpen || this.fresh;
  }

  /** Nobody would miss it. */
  get isIdle() {
    return !this.isOpen && this.outgoing.items.length === 0;
  }

  /** Somebody looks. What is not held is asked for at once, and once more when the room is heard. */
  open() {
    this.#viewers += 1;
    this.around.lookedAt(this);
    this.pins.open();
    if (!this.fresh) this.catchUp();
  }

  close() {
    this.#viewers -= 1;
    if (this.isOpen) return;
    this.pins.close();
    this.#asking.stop();
  }

  /** What is held may be old: it is read anew, now or when somebody looks. */
  doubt() {
    this.fresh = false;
    this.pins.moved();
    if (this.isOpen) this.catchUp();
  }

  /** Reads what is shown anew, until that went well. */
  catchUp() {
    this.loads.forgive();
    return this.#asking.ask();
  }

  async loadOlder() {
    const { first } = this.timeline;
    if (!first || !this.hasMoreBefore) return;
    await this.#load("older", async () => {
      const stretch = this.#stretch;
      const page = await this.#pages.before(first.id);
      if (stretch !== this.#stretch) return;
      this.hasMoreBefore = page.hasMoreBefore;
      this.#merge(page.messages);
    });
  }

  async loadNewer() {
    if (this.hasMoreAfter) await this.#load("newer", () => this.#followOn(1));
  }

  /**
   * Those around a message, which may be many pages ago: they take the place of what is loaded.
   * @param {{id?: string, seq?: number}} wanted
   */
  async showAround(wanted) {
    this.loads.forgive();
    if (this.messages.some(({ id, seq }) => id === wanted.id || seq === wanted.seq)) return;
    await this.#load("around", async () => this.#replace(await this.#pages.around(wanted)));
  }

  async showLatest() {
    this.loads.forgive();
    if (this.hasMoreAfter) await this.#load("newer", () => this.#readLatest());
  }

  /** What an event of the room changes. @param {(log: RoomLog) => void} change */
  tell(change) {
    this.#meanwhile.tell(() => change(this));
  }

  /** A message that was said. @param {Message} message */
  take(message) {
    if ((message.threadId ?? "") !== this.threadId) return this.#pass(message.seq);
    this.newestSeq = Math.max(this.newestSeq, message.seq);
    // Of what is missing in a thread the room asks.
    if (!this.threadId) this.#heardSeq = Math.max(this.#heardSeq, message.seq);
    const { first } = this.timeline;
    const isFurtherBack = this.hasMoreBefore && first && message.seq < first.seq;
    if (isFurtherBack || this.hasMoreAfter) return this.#settle([message]);
    this.#merge([message]);
    this.#holes.look();
  }

  /** It was said elsewhere in the room. @param {number} seq */
  #pass(seq) {
    if (this.threadId) return;
    this.#heardSeq = Math.max(this.#heardSeq, seq);
    this.timeline.skip(seq);
    this.#holes.look();
  }

  /** What I looked at in vain is there now. @param {string} userId */
  joined(userId) {
    if (userId === this.userId) this.doubt();
  }

  /** @param {string} userId */
  left(userId) {
    if (userId !== this.userId) return;
    this.status = "gone";
    this.fresh = false;
    this.changed();
  }

  /** What one question does not tell is not to be had. */
  async #fillHole() {
    const seq = this.#heardSeq;
    await this.around.missed();
    return this.timeline.beSureOf(seq);
  }

  async #readAnew() {
    try {
      await this.#meanwhile.during(() => this.#readShown());
      this.fresh = true;
      this.changed();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (error.status === 404) this.status = "gone";
      this.changed();
      throw error;
    }
  }

  async #readShown() {
    const { messages } = this;
    if (this.status !== "ready" || messages.length === 0) return this.#readLatest();
    const stretch = this.#stretch;
    const page = await (this.hasMoreAfter
      ? this.#pages.around(messages[messages.length >> 1])
      : this.#pages.anew(messages));
    // Who has gone elsewhere meanwhile has what is there now.
    if (stretch === this.#stretch) this.#replace(page);
  }

  async #readLatest() {
    this.#replace(await this.#pages.latest());
    // Said while the page was on its way.
    const seq = Math.max(this.newestSeq, this.#heardSeq);
    if (seq <= this.timeline.sureSeq) return;
    await this.#followOn(PAGES_OF_CATCHING_UP);
    if (!this.hasMoreAfter) this.timeline.beSureOf(seq);
  }

  /** @param {number} pages at most: the rest comes when somebody scrolls there */
  async #followOn(pages) {
    for (let left = pages; left > 0; left--) {
      const known = this.timeline.lastSure;
      if (!known) return;
      const stretch = this.#stretch;
      const page = await this.#pages.after(known.id);
      if (stretch !== this.#stretch) return;
      this.hasMoreAfter = page.hasMoreAfter;
      this.timeline.mergePage(page.messages);
      this.#settle(page.messages);
      if (!page.hasMoreAfter) return;
    }
  }

  /** @param {import("../common/types").Page} page */
  #replace(page) {
    this.#stretch += 1;
    this.timeline.replace(page.messages);
    if (!page.hasMoreAfter) this.timeline.beSureOf(page.lastSeq);
    this.hasMoreBefore = page.hasMoreBefore;
    this.hasMoreAfter = page.hasMoreAfter;
    this.status = "ready";
    this.#settle(page.messages);
  }

  /** @param {"older" | "newer" | "around"} name @param {() => Promise<void>} work */
  #load(name, work) {
    return this.loads.run(name, () => this.#meanwhile.during(work), () => this.changed());
  }

  /** @param {Message[]} incoming */
  #merge(incoming) {
    this.timeline.merge(incoming);
    this.#settle(incoming);
  }

  /** What arrived is no longer on its way. @param {Message[]} incoming */
  #settle(incoming) {
    for (const { senderId, clientId } of incoming) {
      if (senderId === this.userId) this.outgoing.drop(clientId);
    }
    this.newestSeq = Math.max(this.newestSeq, this.timeline.last?.seq ?? 0);
    this.expiry.look();
    this.changed();
  }
}
