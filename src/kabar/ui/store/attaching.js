// Files that I am about to send in a room: on their way as soon as they are chosen.

import { call, Problem, unmissed } from "../common/api.js";
import { Store } from "../common/store.js";
import { upload } from "../common/upload.js";
import { inBytes } from "../common/files.js";
import { words } from "../common/words.js";
import { live } from "../live/live.js";

/** The server takes a few more of one person. */
const AT_ONCE = 3;

/**
 * @typedef {import("../common/types").Attachment} Attachment
 * @typedef {{
 *   key: string, file: File, preview: string, state: "waiting" | "sending" | "ready" | "failed",
 *   progress: number, reason: string, mayRetry: boolean, attachment: Attachment | null,
 *   abort: AbortController,
 * }} Chosen
 */

export class Attaching extends Store {
  /** @type {Chosen[]} */
  items = [];
  /** Why some were not taken. */
  notice = "";

  get isReady() {
    return this.items.every(({ state }) => state === "ready");
  }

  /** @param {Iterable<File>} files */
  add(files) {
    this.notice = "";
    for (const file of files) {
      if (this.items.length >= live.messageMaxAttachments) {
        this.notice = words.tooManyFiles(live.messageMaxAttachments);
        break;
      }
      const item = chosen(file);
      if (file.size > live.uploadMaxBytes) fail(item, words.fileTooLarge(inBytes(live.uploadMaxBytes)));
      if (file.size === 0) fail(item, words.fileEmpty);
      this.items.push(item);
    }
    this.#sendNext();
  }

  /** @param {string} key */
  retry(key) {
    const item = this.items.find((each) => each.key === key);
    if (item) Object.assign(item, { state: "waiting", progress: 0, reason: "" });
    this.#sendNext();
  }

  /** Not to be sent after all. @param {string} key */
  remove(key) {
    const item = this.items.find((each) => each.key === key);
    if (!item) return;
    this.items = this.items.filter((each) => each !== item);
    this.notice = "";
    item.abort.abort();
    URL.revokeObjectURL(item.preview);
    // The server would forget it in a day.
    if (item.attachment) unmissed(call("DELETE", `api/uploads/${item.attachment.id}`));
    this.#sendNext();
  }

  /** Those that the server has. */
  get attachments() {
    return this.items.flatMap(({ attachment }) => attachment ?? []);
  }

  /** Those that go into a message, which has them from now on. */
  take() {
    const { attachments } = this;
    for (const { preview } of this.items) URL.revokeObjectURL(preview);
    this.items = [];
    this.notice = "";
    this.changed();
    return attachments;
  }

  #sendNext() {
    const sending = this.items.filter(({ state }) => state === "sending").length;
    const waiting = this.items.filter(({ state }) => state === "waiting");
    for (const item of waiting.slice(0, Math.max(0, AT_ONCE - sending))) this.#send(item);
    this.changed();
  }

  /** @param {Chosen} item */
  async #send(item) {
    item.state = "sending";
    item.abort = new AbortController();
    const onProgress = (/** @type {number} */ part) => {
      item.progress = part;
      this.changed();
    };
    try {
      const { key, file, abort } = item;
      item.attachment = await upload(file, { key, onProgress, signal: abort.signal });
      item.state = "ready";
      // It was there when one thought better of it.
      if (!this.items.includes(item)) unmissed(call("DELETE", `api/uploads/${item.attachment.id}`));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      fail(item, error.message, error.mayPass);
    }
    this.#sendNext();
  }
}

/** @type {Map<string, Attaching>} */
const ofRooms = new Map();

/** What I have chosen for a room; it stays while I look elsewhere. @param {string} userId @param {string} roomId */
export function attachingIn(userId, roomId) {
  const name = `${userId}:${roomId}`;
  const known = ofRooms.get(name) ?? new Attaching();
  ofRooms.set(name, known);
  return known;
}

/** @param {File} file @returns {Chosen} */
function chosen(file) {
  const key = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16)).join("");
  return {
    key,
    file,
    preview: /^(image|audio|video)\//.test(file.type) ? URL.createObjectURL(file) : "",
    state: "waiting",
    progress: 0,
    reason: "",
    mayRetry: false,
    attachment: null,
    abort: new AbortController(),
  };
}

/** @param {Chosen} item @param {string} reason */
function fail(item, reason, mayRetry = false) {
  Object.assign(item, { state: "failed", reason, mayRetry });
}
