// Asks the server again and again, while the element is on the page and the page can be seen.

import { call, Problem } from "../common/api.js";
import { state } from "./state.js";

/** @typedef {{path: string, query?: Record<string, string | number>}} Question */

/** @template T */
export class Poll {
  /** @type {T | null} */
  value = null;
  /** @type {Problem | null} */
  problem = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #turn = 0;
  #isOn = false;

  /**
   * @param {import("../vendor/lit.js").ReactiveControllerHost} host
   * @param {number} seconds
   * @param {() => Question | null} question asked anew each time; null: there is nothing to ask
   * @param {(value: T) => void} [received]
   */
  constructor(host, seconds, question, received) {
    this.host = host;
    this.seconds = seconds;
    this.question = question;
    this.received = received ?? ((value) => (this.value = value));
    this.look = () => this.now();
    host.addController(this);
  }

  hostConnected() {
    this.#isOn = true;
    document.addEventListener("visibilitychange", this.look);
    this.look();
  }

  hostDisconnected() {
    this.#isOn = false;
    document.removeEventListener("visibilitychange", this.look);
    this.#stop();
  }

  /** Another thing is asked for: what was known is not about it. */
  restart() {
    this.value = null;
    this.problem = null;
    this.now();
  }

  async now() {
    this.#stop();
    if (!this.#isOn || document.hidden) return;
    const turn = this.#turn;
    const question = this.question();
    if (question !== null) {
      const { value, problem } = await ask(question);
      if (turn !== this.#turn) return;
      this.problem = problem;
      if (!problem) this.received(/** @type {T} */ (value));
      this.host.requestUpdate();
      if (problem?.status === 401) return;
    }
    this.#timer = setTimeout(() => this.now(), this.seconds * 1000);
  }

  #stop() {
    this.#turn++;
    clearTimeout(this.#timer);
  }
}

/** @param {Question} question */
async function ask({ path, query }) {
  try {
    const value = await call("GET", `console/api/apps/${path}`, { query });
    state.reached(false);
    return { value, problem: null };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    state.reached(error.status === 0 || error.status >= 500);
    return { value: null, problem: error };
  }
}
