// What I wrote in a room and the server has not confirmed: sent in order, kept over a reload.

import { call, Problem } from "../common/api.js";
import { Store } from "../common/store.js";
import { words } from "../common/words.js";
import { keptInTab } from "./kept.js";

const PATIENCE_SECONDS = 10;

export class Outgoing extends Store {
  /** @type {import("../common/types").Unsent[]} */
  items = [];
  #running = false;

  /**
   * @param {string} roomId
   * @param {string} userId
   * @param {(message: import("../common/types").Message) => void} confirm
   */
  constructor(roomId, userId, confirm) {
    super();
    this.roomId = roomId;
    this.confirm = confirm;
    this.name = `unsent:${userId}:${roomId}`;
    this.items = JSON.parse(keptInTab.read(this.name) ?? "[]");
    for (const item of this.items) Object.assign(item, { state: "waiting", reason: "" });
    // Sent again or not is the writer's choice: the reload may have been long after.
    if (this.items[0]) Object.assign(this.items[0], { state: "failed", reason: words.failed });
  }

  /** @param {string} content */
  add(content) {
    this.items.push({
      clientId: newClientId(),
      content,
      createdAt: new Date().toISOString(),
      state: "waiting",
      reason: "",
    });
    this.changed();
    this.#run();
  }

  /** @param {string} clientId */
  retry(clientId) {
    const item = this.#find(clientId);
    if (item) item.state = "waiting";
    this.changed();
    this.#run();
  }

  /** No longer to be sent: confirmed, or given up. @param {string | null} clientId */
  drop(clientId) {
    if (!clientId || !this.#find(clientId)) return;
    this.items = this.items.filter((item) => item.clientId !== clientId);
    this.changed();
    this.#run();
  }

  changed() {
    keptInTab.write(this.name, this.items.length ? JSON.stringify(this.items) : "");
    super.changed();
  }

  /** One at a time; one that failed holds those behind it, so that the order stays. */
  async #run() {
    if (this.#running) return;
    this.#running = true;
    for (let head = this.items[0]; head && head.state !== "failed"; head = this.items[0]) {
      await this.#send(head);
    }
    this.#running = false;
  }

  /** @param {import("../common/types").Unsent} item */
  async #send(item) {
    item.state = "sending";
    this.changed();
    const body = { roomId: this.roomId, content: item.content, clientId: item.clientId };
    try {
      this.confirm(await call("POST", "api/chat/send", { body }));
      this.items = this.items.filter((other) => other !== item);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (error.status === 429 && error.retryAfter <= PATIENCE_SECONDS) {
        await new Promise((resume) => setTimeout(resume, (error.retryAfter || 1) * 1000));
        return;
      }
      item.state = "failed";
      item.reason = error.status === 401 ? words.signInToSend : `${words.failed} ${error.message}`;
    }
    this.changed();
  }

  /** @param {string} clientId */
  #find(clientId) {
    return this.items.find((item) => item.clientId === clientId);
  }
}

/** `crypto.randomUUID` exists only over HTTPS. */
function newClientId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
