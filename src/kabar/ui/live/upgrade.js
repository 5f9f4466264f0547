// The way back from the HTTP fallbacks to a WebSocket.
//
// pusher-js falls back when a WebSocket cannot be opened: behind a proxy that breaks them, but also
// while the server starts anew. It then stays there for as long as that connection lasts.

const FIRST_TRY_MILLISECONDS = 5_000;
const LONGEST_PAUSE_MILLISECONDS = 600_000;
const PATIENCE_MILLISECONDS = 10_000;

export class Upgrade {
  #timer = 0;
  /** Until the next try; it grows until a WebSocket has really been connected. */
  #pause = FIRST_TRY_MILLISECONDS;
  /** @type {WebSocket | null} */
  #socket = null;

  /** @param {() => void} upgrade a WebSocket gets through: connect again */
  constructor(upgrade) {
    this.upgrade = upgrade;
  }

  /** Tries, again and again, ever more seldom. @param {URL} url */
  begin(url) {
    this.stop();
    this.#later(url);
  }

  /** A WebSocket is connected. */
  succeed() {
    this.stop();
    this.#pause = FIRST_TRY_MILLISECONDS;
  }

  stop() {
    clearTimeout(this.#timer);
    this.#drop();
  }

  /** @param {URL} url */
  #later(url) {
    const pause = this.#pause;
    this.#timer = window.setTimeout(() => {
      // Also after a try that goes well: pusher-js may fall back all the same.
      this.#pause = Math.min(pause * 2, LONGEST_PAUSE_MILLISECONDS);
      this.#try(url);
      this.#timer = window.setTimeout(() => {
        this.#drop();
        this.#later(url);
      }, PATIENCE_MILLISECONDS);
    }, pause);
  }

  /** @param {URL} url */
  #try(url) {
    this.#socket = new WebSocket(url);
    this.#socket.onmessage = ({ data }) => {
      // It is open when the server has said so: some proxies let the handshake through, and no more.
      if (JSON.parse(data).event !== "pusher:connection_established") return;
      this.stop();
      forgetFallback();
      this.upgrade();
    };
  }

  #drop() {
    if (!this.#socket) return;
    this.#socket.onmessage = null;
    this.#socket.close();
    this.#socket = null;
  }
}

/** pusher-js remembers what it used last, and after a few times would try that alone and first. */
function forgetFallback() {
  try {
    for (const name of ["pusherTransportTLS", "pusherTransportNonTLS"]) localStorage.removeItem(name);
  } catch {
    // Without storage there is nothing to remember.
  }
}
