// What I have half written: kept in this browser, and of a room on the server, for my other devices.

import { unmissed } from "../common/api.js";
import { EMPTY, isSame, taken } from "../common/drafts.js";
import { kept } from "./kept.js";
import { rooms } from "./rooms.js";

/** @typedef {import("../common/types").Draft} Draft */

const PAUSE_MILLISECONDS = 1_000;

export class MyDraft {
  /** What the server has, as far as this device knows. @type {Draft} */
  #agreed;
  #timer = 0;
  #isSaving = false;

  /** @param {string} userId @param {string} roomId @param {string} threadId in a thread: only in this browser */
  constructor(userId, roomId, threadId) {
    this.roomId = roomId;
    this.isShared = threadId === "";
    this.name = `draft:${userId}:${threadId ? `${roomId}:${threadId}` : roomId}`;
    this.outgoing = rooms.log(roomId, threadId).outgoing;
    /** @type {Draft} */
    this.here = { content: kept.read(this.name) ?? "", replyToId: null };
    this.#agreed = { content: kept.read(`agreed:${this.name}`) ?? "", replyToId: null };
  }

  begin() {
    document.addEventListener("visibilitychange", this.#hidden);
    if (!isSame(this.here, this.#agreed)) this.#saveSoon();
  }

  /** One looks at something else. */
  end() {
    document.removeEventListener("visibilitychange", this.#hidden);
    this.#save();
  }

  /** @param {string} content @param {string | null} replyToId */
  write(content, replyToId) {
    this.#keep({ content, replyToId });
    this.#saveSoon();
  }

  /** What is sent now ends it on the server, but not here. */
  outlive() {
    this.#agree(EMPTY);
    this.#saveSoon();
  }

  /** Answers whether something else stands here now. @param {Draft | null} draft that of the server */
  follow(draft) {
    if (this.#isBusy) return false;
    const there = draft ?? EMPTY;
    const before = this.here;
    this.#keep(taken(before, this.#agreed, there));
    if (isSame(this.here, there)) this.#agree(there);
    return !isSame(before, this.here);
  }

  /** A message on its way ends what it finds on the server: what is newer is saved after it. */
  get #isBusy() {
    return this.#isSaving || this.outgoing.items.length > 0;
  }

  #hidden = () => {
    if (document.visibilityState === "hidden") this.#save();
  };

  #saveSoon() {
    clearTimeout(this.#timer);
    if (this.isShared) this.#timer = window.setTimeout(() => this.#save(), PAUSE_MILLISECONDS);
  }

  #save() {
    clearTimeout(this.#timer);
    if (!this.isShared) return;
    const known = rooms.find(this.roomId)?.me.draft;
    if (known !== undefined && isSame(this.here, known ?? EMPTY)) this.#agree(this.here);
    if (isSame(this.here, this.#agreed)) return;
    if (this.#isBusy) return this.#saveSoon();
    unmissed(this.#put(this.here));
  }

  /** What could not be saved is kept here, and saved with the next letter. @param {Draft} draft */
  async #put(draft) {
    this.#isSaving = true;
    try {
      await rooms.change(this.roomId, { draft: draft.content.trim() ? draft : null });
      this.#agree(draft);
    } finally {
      this.#isSaving = false;
    }
  }

  /** @param {Draft} draft */
  #keep(draft) {
    this.here = draft;
    kept.write(this.name, draft.content);
  }

  /** @param {Draft} draft */
  #agree(draft) {
    this.#agreed = draft;
    if (this.isShared) kept.write(`agreed:${this.name}`, draft.content);
  }
}
