// Notices that a page was asleep: with its machine, or because the browser froze it.

const LOOK_EVERY_MILLISECONDS = 20_000;
/** The timers of a page that nobody sees may come once a minute. */
const ASLEEP_MILLISECONDS = 150_000;

export class Sleep {
  #timer = 0;
  #awake = 0;

  /** @param {() => void} woken */
  constructor(woken) {
    this.woken = woken;
  }

  begin() {
    this.stop();
    this.#awake = Date.now();
    this.#timer = window.setInterval(() => this.#look(), LOOK_EVERY_MILLISECONDS);
  }

  stop() {
    clearInterval(this.#timer);
  }

  #look() {
    const slept = Date.now() - this.#awake;
    this.#awake = Date.now();
    if (slept > ASLEEP_MILLISECONDS) this.woken();
  }
}
