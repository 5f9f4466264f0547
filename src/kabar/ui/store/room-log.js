// The messages of one room as far as they are loaded, and what I am about to add to them.

import { call, Problem } from "../common/api.js";
import { Store } from "../common/store.js";
import { live } from "../live/live.js";
import { Asking } from "./asking.js";
import { Loads } from "./loads.js";
import { Outgoing } from "./outgoing.js";
import { Pins } from "./pins.js";
import { Positions } from "./positions.js";
import { Timeline } from "./timeline.js";
import { typists } from "./typing.js";

/** @typedef {import("../common/types").Message} Message */

const PAGE = 50;
const LARGE_PAGE = 100;
const PAGES_OF_CATCHING_UP = 10;
const HOLE_PATIENCE_MILLISECONDS = 1_000;

export class RoomLog extends Store {
  /** @type {"new" | "ready" | "gone"} */
  status = "new";
  hasMoreBefore = false;
  /** What is loaded was compared with the server since the room was opened. */
  fresh = false;
  /** The newest messages are not loaded: the list shows an older stretch. */
  hasMoreAfter = false;
  /** The newest message of the room, loaded or not. */
  newestSeq = 0;
  /** "older", "newer" and "around". */
  loads = new Loads();

  #timeline = new Timeline();
  /** Changes when another part of the room takes the place of what was loaded. */
  #stretch = 0;
  #read = new Positions();
  #delivered = new Positions();
  #stopListening = () => {};
  #holeTimer = 0;
  #asking = new Asking(() => this.#catchUp(), () => this.changed());

  /**
   * @param {string} roomId
   * @param {string} userId
   * @param {(message: Message) => void} said hears of each message when it is said
   */
  constructor(roomId, userId, said) {
    super();
    this.roomId = roomId;
    this.userId = userId;
    this.said = said;
    this.outgoing = new Outgoing(roomId, userId, (message) => this.#take(message));
    this.pins = new Pins(roomId);
    for (const part of [this.outgoing, this.pins]) {
      part.addEventListener("change", () => this.changed());
    }
  }

  /** Why what is shown may be old, or is not there at all. */
  get problem() {
    return this.#asking.problem;
  }

  get messages() {
    return this.#timeline.messages;
  }

  /** Subscribes first and fetches then, so that nothing falls between. */
  open() {
    this.close();
    this.pins.open();
    this.fresh = false;
    const channel = `private-room-${this.roomId}`;
    if (!live.isSubscribed(channel)) this.catchUp();
    this.#stopListening = live.listen(
      channel,
      {
        "new-message": (message) => this.#take(message),
        "message-edited": (message) => this.update(message),
        "reaction-added": (reaction) => this.#react(reaction, true),
        "reaction-removed": (reaction) => this.#react(reaction, false),
        "poll-voted": (news) => this.stand(news),
        "poll-closed": (news) => this.stand(news),
        "message-deleted": ({ messageId, deletedAt }) => this.strike(messageId, deletedAt),
        "message-read": ({ userId, lastReadSeq }) => this.#move(this.#read, userId, lastReadSeq),
        "message-delivered": ({ userId, lastDeliveredSeq }) =>
          this.#move(this.#delivered, userId, lastDeliveredSeq),
      },
      () => this.catchUp(),
    );
  }

  close() {
    this.#stopListening();
    this.pins.close();
    clearTimeout(this.#holeTimer);
    this.#asking.stop();
  }

  /** Fetches what is not known yet, until that went well. */
  catchUp() {
    this.loads.forgive();
    return this.#asking.ask();
  }

  async loadOlder() {
    const { first } = this.#timeline;
    if (!first || !this.hasMoreBefore) return;
    await this.#load("older", async () => {
      const stretch = this.#stretch;
      const page = await this.#fetch({ beforeId: first.id });
      if (stretch !== this.#stretch) return;
      this.hasMoreBefore = page.hasMoreBefore;
      this.#merge(page.messages);
    });
  }

  async loadNewer() {
    if (this.hasMoreAfter) await this.#load("newer", () => this.#catchUpAfter(1));
  }

  /**
   * Those around a message, which may be many pages ago: they take the place of what is loaded.
   * @param {{id?: string, seq?: number}} message
   */
  async showAround({ id, seq = 0 }) {
    this.loads.forgive();
    if (this.messages.some((message) => message.id === id || message.seq === seq)) return;
    await this.#load("around", async () => {
      const [name, anchor] = id ? ["aroundId", id] : ["aroundSeq", seq];
      const page = await this.#fetch({ [name]: anchor, limit: LARGE_PAGE });
      this.#replace(page);
      this.hasMoreAfter = page.hasMoreAfter;
    });
  }

  async showLatest() {
    this.loads.forgive();
    if (this.hasMoreAfter) await this.#load("newer", () => this.#loadLatest());
  }

  /** What became of a message, as the server says. @param {Message} message */
  update(message) {
    this.#timeline.update(message);
    this.changed();
  }

  /** What the server has not confirmed, or what it told of a message. @param {string} id @param {Partial<Message>} changes */
  change(id, changes) {
    this.#timeline.change(id, changes);
    this.changed();
  }

  /** It is deleted for all. @param {string} id @param {string} deletedAt */
  strike(id, deletedAt) {
    this.#timeline.strike(id, deletedAt);
    this.changed();
  }

  /** @param {import("../common/types").PollNews} news */
  stand(news) {
    this.#timeline.stand(news);
    this.changed();
  }

  /** I deleted it for myself, here or elsewhere. @param {string} id */
  hide(id) {
    this.#timeline.hide(id);
    this.changed();
  }

  /** Whether somebody else has read a message of mine. @param {Message} message */
  isRead(message) {
    return message.isRead || this.#read.reached(message.seq);
  }

  /** Whether a device of somebody else has it. @param {Message} message */
  isDelivered(message) {
    return message.isDelivered || this.#delivered.reached(message.seq);
  }

  /** A message that was said just now. @param {Message} message */
  #take(message) {
    this.newestSeq = Math.max(this.newestSeq, message.seq);
    typists.stopped(this.roomId, message.senderId);
    this.said(message);
    if (this.status !== "ready" || this.hasMoreAfter) return this.#settle([message]);
    this.#merge([message]);
    clearTimeout(this.#holeTimer);
    if (message.seq <= this.#timeline.sureSeq) return;
    this.#holeTimer = window.setTimeout(() => this.catchUp(), HOLE_PATIENCE_MILLISECONDS);
  }

  async #catchUp() {
    try {
      if (this.status !== "ready") await this.#loadLatest();
      else if (!this.hasMoreAfter) await this.#fetchMissed();
      this.fresh = true;
      this.changed();
    } catch (error) {
      this.#fail(error);
      throw error;
    }
  }

  async #fetchMissed() {
    const stretch = this.#stretch;
    const { messages } = await this.#fetch({});
    if (stretch !== this.#stretch) return;
    // The newest page also shows what was edited or deleted meanwhile.
    const follows = messages.length === 0 || messages[0].seq <= this.#timeline.sureSeq + 1;
    if (follows) this.#mergePage(messages);
    else await this.#catchUpAfter(PAGES_OF_CATCHING_UP);
  }

  /** @param {number} pages at most: the rest comes when somebody scrolls there */
  async #catchUpAfter(pages) {
    for (let left = pages; left > 0; left--) {
      const known = this.#timeline.lastSure;
      if (!known) return this.#loadLatest();
      const stretch = this.#stretch;
      const page = await this.#fetch({ afterId: known.id, limit: LARGE_PAGE });
      if (stretch !== this.#stretch) return;
      this.hasMoreAfter = page.hasMoreAfter;
      this.#mergePage(page.messages);
      if (!page.hasMoreAfter) return;
    }
  }

  async #loadLatest() {
    this.#replace(await this.#fetch({}));
    // Said while the page was on its way.
    if (this.newestSeq > this.#timeline.sureSeq) await this.#catchUpAfter(PAGES_OF_CATCHING_UP);
  }

  /** @param {import("../common/types").Page} page */
  #replace(page) {
    this.#stretch += 1;
    this.#timeline.clear();
    this.hasMoreBefore = page.hasMoreBefore;
    this.hasMoreAfter = false;
    this.status = "ready";
    this.#mergePage(page.messages);
  }

  /** @param {Record<string, string | number>} query @returns {Promise<import("../common/types").Page>} */
  #fetch(query) {
    return call("GET", "api/chat/messages", {
      query: { roomId: this.roomId, limit: PAGE, ...query },
    });
  }

  /** @param {"older" | "newer" | "around"} name @param {() => Promise<void>} work */
  #load(name, work) {
    return this.loads.run(name, work, () => this.changed());
  }

  /** @param {unknown} error */
  #fail(error) {
    if (!(error instanceof Problem)) throw error;
    if (error.status === 404) this.status = "gone";
    this.changed();
  }

  /** @param {Message[]} page */
  #mergePage(page) {
    this.#timeline.mergePage(page);
    this.#settle(page);
  }

  /** @param {Message[]} incoming */
  #merge(incoming) {
    this.#timeline.merge(incoming);
    this.#settle(incoming);
  }

  /** What arrived is no longer on its way. @param {Message[]} incoming */
  #settle(incoming) {
    for (const { senderId, clientId } of incoming) {
      if (senderId === this.userId) this.outgoing.drop(clientId);
    }
    this.newestSeq = Math.max(this.newestSeq, this.#timeline.last?.seq ?? 0);
    this.changed();
  }

  /** @param {import("../common/types").Reaction} reaction @param {boolean} isAdded */
  #react(reaction, isAdded) {
    this.#timeline.react(reaction, reaction.userId === this.userId ? isAdded : undefined);
    this.changed();
  }

  /** @param {Positions} positions @param {string} userId @param {number} seq */
  #move(positions, userId, seq) {
    if (userId === this.userId) return;
    positions.note(userId, seq);
    this.changed();
  }
}
