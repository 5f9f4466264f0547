// The one realtime connection of a page: channels counted by who listens, and its state.

import { call, nameSocket } from "../common/api.js";
import { Store } from "../common/store.js";
import Pusher from "../vendor/pusher.js";
import { addressOf, webSocketHere } from "./address.js";
import { Authorizer } from "./authorizer.js";
import { Sleep } from "./sleep.js";
import { Upgrade } from "./upgrade.js";

const OFFLINE_AFTER_MILLISECONDS = 2_000;
const REBUILD_AFTER_MILLISECONDS = 15_000;
const RETURN_AFTER_MILLISECONDS = 1_000;
/** A connection that lasts so long was wanted. */
const LASTING_MILLISECONDS = 60_000;
const POLL_MILLISECONDS = 10_000;
const PONG_MILLISECONDS = 10_000;
const WHOLE_WITHIN_MILLISECONDS = 2_000;
/** What pusher-js tells of a channel that was asked for. */
const ANSWERS = new Set(["pusher:subscription_succeeded", "pusher:subscription_error"]);

/** The code with which a connection is closed by its application. */
const TERMINATED = 4009;

/**
 * @typedef {Record<string, (data: any) => void>} Handlers
 * @typedef {{handlers: Handlers, ready: () => void}} Listener
 * @typedef {import("./address.js").Config} Config
 */

class Live extends Store {
  /** "off" when the server has no realtime: then the stores ask again from time to time. */
  /** @type {"idle" | "connecting" | "online" | "offline" | "off"} */
  state = "idle";

  /** A message may have so many characters. */
  messageMaxCharacters = 10_000;
  /** And so many files, each of so many bytes. */
  messageMaxAttachments = 10;
  uploadMaxBytes = Infinity;
  /** What becomes of what somebody said whose account is deleted. @type {"keep" | "remove"} */
  erasedMessages = "keep";

  /** @type {Map<string, Set<Listener>>} */
  #listeners = new Map();
  /** Channels that are asked for, and were neither granted nor refused. @type {Set<string>} */
  #awaited = new Set();
  /** @type {Pusher | null} */
  #pusher = null;
  #authorizer = new Authorizer();
  #upgrade = new Upgrade(() => this.restart());
  /** A connection that slept may be dead, and not know it for minutes. */
  #sleep = new Sleep(() => this.restart());
  /** @type {URL | null} */
  #webSocket = null;
  /** @type {Promise<void> | null} */
  #starting = null;
  /** What was begun before it stopped is not gone on with. */
  #stops = 0;
  #timer = 0;
  #isTerminated = false;
  /** How often in a row it was terminated soon after it had connected. */
  #terminations = 0;
  #connectedAt = 0;

  constructor() {
    super();
    nameSocket(() => this.#pusher?.connection.socket_id ?? null);
    addEventListener("offline", () => this.#settle());
    addEventListener("online", () => this.#settle());
  }

  /**
   * Hears the events of a channel until the answer is called. `ready` is called after each
   * successful subscription, also those after a reconnection: fetch what was missed then.
   * @param {string} channel
   * @param {Handlers} handlers
   * @param {() => void} [ready]
   * @returns {() => void}
   */
  listen(channel, handlers, ready = () => {}) {
    const listener = { handlers, ready };
    const listeners = this.#listeners.get(channel) ?? new Set();
    this.#listeners.set(channel, listeners.add(listener));
    if (listeners.size === 1) this.#subscribe(channel);
    else if (this.isSubscribed(channel)) queueMicrotask(ready);
    this.start();
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#listeners.get(channel) === listeners) {
        this.#listeners.delete(channel);
        this.#answered(channel);
        this.#pusher?.unsubscribe(channel);
      }
    };
  }

  /** Subscribes anew to what one was cut off, and may hear again. @param {string} channel */
  again(channel) {
    if (!this.#listeners.has(channel)) return;
    this.#pusher?.unsubscribe(channel);
    this.#subscribe(channel);
  }

  /** @param {string} channel */
  isSubscribed(channel) {
    return Boolean(this.#pusher?.channel(channel)?.subscribed);
  }

  /** Until all is heard that may be heard; not for ever. */
  async whole() {
    if (this.state !== "online" || this.#awaited.size === 0) return;
    await new Promise((resume) => {
      this.addEventListener("whole", resume, { once: true });
      setTimeout(resume, WHOLE_WITHIN_MILLISECONDS);
    });
  }

  start() {
    const stops = this.#stops;
    this.#starting ??= this.#connect().catch(() => {
      if (stops !== this.#stops) return;
      this.#starting = null;
      this.#become("offline");
      this.#later(() => this.start(), REBUILD_AFTER_MILLISECONDS);
    });
  }

  stop() {
    this.#pusher?.disconnect();
    this.#pusher = null;
    this.#authorizer.stop();
    this.#upgrade.stop();
    this.#sleep.stop();
    this.#starting = null;
    this.#stops += 1;
    clearTimeout(this.#timer);
    this.#become("idle");
  }

  restart() {
    this.stop();
    if (this.#listeners.size > 0) this.start();
  }

  async #connect() {
    this.#become("connecting");
    const stops = this.#stops;
    /** @type {Config} */
    const config = await call("GET", "ui/config.json");
    if (stops !== this.#stops) return;
    this.messageMaxCharacters = config.messageMaxCharacters ?? this.messageMaxCharacters;
    this.messageMaxAttachments = config.messageMaxAttachments ?? this.messageMaxAttachments;
    this.uploadMaxBytes = config.uploadMaxBytes ?? this.uploadMaxBytes;
    this.erasedMessages = config.erasedMessages ?? this.erasedMessages;
    if (config.key) this.#open(config.key, config);
    else {
      this.#become("off");
      this.#poll();
    }
  }

  #poll() {
    this.#later(() => {
      for (const listeners of this.#listeners.values()) {
        for (const listener of listeners) listener.ready();
      }
      this.#poll();
    }, POLL_MILLISECONDS);
  }

  /** @param {string} key @param {Config} config */
  #open(key, config) {
    this.#pusher = new Pusher(key, {
      ...addressOf(config),
      pongTimeout: PONG_MILLISECONDS,
      ...(config.activityTimeout && { activityTimeout: config.activityTimeout * 1000 }),
      channelAuthorization: { customHandler: this.#authorizer.subscribe },
      userAuthentication: { customHandler: this.#authorizer.signIn },
    });
    // So the server knows this connection as a signed-in user's: it can be told and terminated.
    this.#pusher.signin();
    this.#pusher.connection.bind("state_change", () => this.#settle());
    if (config.signIn) this.#comeBack(this.#pusher);
    this.#webSocket = webSocketHere(config);
    for (const channel of this.#listeners.keys()) this.#subscribe(channel);
    this.#sleep.begin();
    this.#settle();
  }

  /**
   * Elsewhere one is cut off from everything at once: come back with what one may still hear.
   * @param {Pusher} pusher
   */
  #comeBack(pusher) {
    pusher.connection.bind("error", (/** @type {any} */ error) => {
      // It is told twice: in a frame, and by the close.
      if (error?.data?.code !== TERMINATED || this.#isTerminated) return;
      const lasted = Date.now() - this.#connectedAt > LASTING_MILLISECONDS;
      this.#terminations = lasted ? 1 : this.#terminations + 1;
      this.#isTerminated = true;
    });
  }

  /** @param {string} name */
  #subscribe(name) {
    this.#awaited.add(name);
    const channel = this.#pusher?.subscribe(name);
    channel?.unbind();
    channel?.bind_global((/** @type {string} */ event, /** @type {any} */ data) => {
      if (ANSWERS.has(event)) this.#answered(name);
      for (const listener of this.#listeners.get(name) ?? []) {
        if (event === "pusher:subscription_succeeded") listener.ready();
        else listener.handlers[event]?.(data);
      }
    });
  }

  /** @param {string} channel */
  #answered(channel) {
    if (this.#awaited.delete(channel) && this.#awaited.size === 0) {
      this.dispatchEvent(new Event("whole"));
    }
  }

  #settle() {
    const state = this.#pusher?.connection.state;
    clearTimeout(this.#timer);
    this.#upgrade.stop();
    if (state === undefined) return;
    // Whoever comes back asks for all of them.
    if (state !== "connected") this.#awaited = new Set(this.#listeners.keys());
    if (!navigator.onLine) this.#become("offline");
    else if (state === "connected") {
      this.#isTerminated = false;
      this.#connectedAt = Date.now();
      this.#become("online");
      if (this.#isWebSocket) this.#upgrade.succeed();
      else if (this.#webSocket) this.#upgrade.begin(this.#webSocket);
    } else if (state === "disconnected" || state === "failed") {
      // pusher-js gives up when it is refused; a page that stays open for days must not.
      this.#become("offline");
      this.#later(() => this.restart(), this.#pause());
    } else {
      this.#later(() => this.#become("offline"), OFFLINE_AFTER_MILLISECONDS);
    }
  }

  get #isWebSocket() {
    return this.#pusher?.connection.connection?.transport.name.startsWith("ws");
  }

  /** At once when cut off, so that nothing is missed; but not again and again. */
  #pause() {
    if (!this.#isTerminated) return REBUILD_AFTER_MILLISECONDS;
    const longer = RETURN_AFTER_MILLISECONDS * 2 ** (this.#terminations - 1);
    return Math.min(longer, REBUILD_AFTER_MILLISECONDS);
  }

  /** @param {() => void} action @param {number} milliseconds */
  #later(action, milliseconds) {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(action, milliseconds);
  }

  /** @param {Live["state"]} state */
  #become(state) {
    if (this.state === state) return;
    this.state = state;
    this.changed();
  }
}

export const live = new Live();
