// The way back from the HTTP fallbacks to a WebSocket.
//
// pusher-js falls back when a WebSocket cannot be opened: behind a proxy that breaks them, but also
// while the server starts anew. It then stays there for as long as that connection lasts.

const FIRST_TRY_MILLISECONDS = 5_000;
const LONGEST_PAUSE_MILLISECONDS = 600_000;
const PATIENCE_MILLISECONDS = 10_000;

export class Upgrade {
  #timer = 0;
  /** @type {WebSocket | null} */
  #socket = null;

  /** @param {() => void} upgrade a WebSocket gets through: connect again */
  constructor(upgrade) {
    this.upgrade = upgrade;
  }

  /** Tries, again and again, ever more seldom. @param {URL} url */
  begin(url) {
    this.stop();
    this.#later(url, FIRST_TRY_MILLISECONDS);
  }

  stop() {
    clearTimeout(this.#timer);
    this.#drop();
  }

  /** @param {URL} url @param {number} pause */
  #later(url, pause) {
    this.#timer = window.setTimeout(() => {
      this.#try(url);
      this.#timer = window.setTimeout(() => {
        this.#drop();
        this.#later(url, Math.min(pause * 2, LONGEST_PAUSE_MILLISECONDS));
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
