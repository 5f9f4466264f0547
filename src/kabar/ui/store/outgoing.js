// What I wrote in a room and the server has not confirmed: sent in order, kept over a reload.

import { call, Problem } from "../common/api.js";
import { Store } from "../common/store.js";
import { words } from "../common/words.js";
import { live } from "../live/live.js";
import { Asking } from "./asking.js";
import { keptInTab } from "./kept.js";

const PATIENCE_SECONDS = 10;

export class Outgoing extends Store {
  /** @type {import("../common/types").Unsent[]} */
  items = [];
  /** Goes on by itself when what failed was only out of reach. */
  #asking = new Asking(() => this.#sendAll());

  /**
   * @param {string} roomId
   * @param {string} userId
   * @param {(message: import("../common/types").Message) => void} confirm
   * @param {string} threadId "": in the room itself
   */
  constructor(roomId, userId, confirm, threadId) {
    super();
    this.roomId = roomId;
    this.threadId = threadId;
    this.confirm = confirm;
    this.name = `unsent:${userId}:${roomId}${threadId && `:${threadId}`}`;
    this.items = JSON.parse(keptInTab.read(this.name) ?? "[]");
    for (const item of this.items) Object.assign(item, { state: "waiting", reason: "" });
    // Sent again or not is the writer's choice: the reload may have been long after.
    if (this.items[0]) Object.assign(this.items[0], { state: "failed", reason: words.failed });
    live.addEventListener("change", this.#goOn);
  }

  /** Nobody writes here any more. */
  end() {
    live.removeEventListener("change", this.#goOn);
  }

  #goOn = () => {
    if (live.state === "online" && this.items[0]?.isHeld) this.#asking.ask();
  };

  /**
   * @param {import("../common/types").Saying} saying
   * @param {import("../common/types").Quote | null} replyTo what it answers
   */
  add({ text, ...more }, replyTo) {
    this.items.push({
      clientId: newClientId(),
      content: text,
      ...more,
      replyTo,
      createdAt: new Date().toISOString(),
      state: "waiting",
      reason: "",
    });
    this.changed();
    this.#asking.ask();
  }

  /** @param {string} clientId */
  retry(clientId) {
    const item = this.#find(clientId);
    if (item) Object.assign(item, { state: "waiting", isHeld: false });
    this.changed();
    this.#asking.ask();
  }

  /** No longer to be sent: confirmed, or given up. @param {string | null} clientId */
  drop(clientId) {
    if (!clientId || !this.#find(clientId)) return;
    this.items = this.items.filter((item) => item.clientId !== clientId);
    this.changed();
    this.#asking.ask();
  }

  changed() {
    keptInTab.write(this.name, this.items.length ? JSON.stringify(this.items) : "");
    super.changed();
  }

  /** One at a time; one that failed holds those behind it, so that the order stays. */
  async #sendAll() {
    for (let head = this.items[0]; head; head = this.items[0]) {
      if (head.state === "failed" && !head.isHeld) return;
      await this.#send(head);
    }
  }

  /** @param {import("../common/types").Unsent} item */
  async #send(item) {
    Object.assign(item, { state: "sending", isHeld: false });
    this.changed();
    const { content, clientId, replyTo, poll, silent } = item;
    const attachmentIds = (item.attachments ?? []).map(({ id }) => id);
    const about = { content, attachmentIds, replyToId: replyTo?.id, poll, silent };
    const threadId = this.threadId || undefined;
    const body = { roomId: this.roomId, threadId, clientId, ...about };
    try {
      this.confirm(await call("POST", "api/chat/send", { body }));
      this.items = this.items.filter((other) => other !== item);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (error.status === 429 && error.retryAfter <= PATIENCE_SECONDS) {
        await new Promise((resume) => setTimeout(resume, (error.retryAfter || 1) * 1000));
        return;
      }
      this.#fail(item, error);
      if (item.isHeld) throw error;
    }
    this.changed();
  }

  /** @param {import("../common/types").Unsent} item @param {Problem} problem */
  #fail(item, problem) {
    // The same client id makes it safe to send again what perhaps arrived.
    item.isHeld = problem.status === 0;
    item.state = "failed";
    item.reason = `${words.failed} ${problem.message}`;
    if (item.isHeld) item.reason = words.failedHeld;
    if (problem.status === 401) item.reason = words.signInToSend;
    this.changed();
  }

  /** @param {string} clientId */
  #find(clientId) {
    return this.items.find((item) => item.clientId === clientId);
  }
}

/** `crypto.randomUUID` exists only over HTTPS. */
export function newClientId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
