// Asks the server until it has answered: what a page shows must not stay old because one call failed.

import { Problem } from "../common/api.js";

const LONGEST_PAUSE_MILLISECONDS = 60_000;

export class Asking {
  /** Why the last call failed, until one went well. @type {Problem | null} */
  problem = null;
  #isWanted = false;
  isRunning = false;
  #isAskedAgain = false;
  #failures = 0;
  #timer = 0;

  /**
   * @param {() => Promise<void>} work what asks, and keeps the answer
   * @param {() => void} [changed] hears that it began to fail, or no longer does
   */
  constructor(work, changed = () => {}) {
    this.work = work;
    this.changed = changed;
  }

  /**
   * Asks now: there is a reason to, so what failed before says nothing any more. While it is being
   * asked, once more afterwards: that answer may be too old.
   */
  ask() {
    this.#isWanted = true;
    this.#failures = 0;
    return this.#run();
  }

  /** Nobody wants to know any more. */
  stop() {
    clearTimeout(this.#timer);
    this.#isWanted = false;
    this.#isAskedAgain = false;
  }

  async #run() {
    this.#isAskedAgain = true;
    if (this.isRunning) return;
    this.isRunning = true;
    try {
      while (this.#isAskedAgain) {
        this.#isAskedAgain = false;
        await this.#try();
      }
    } finally {
      this.isRunning = false;
    }
  }

  async #try() {
    clearTimeout(this.#timer);
    try {
      await this.work();
      this.#failures = 0;
      this.#fail(null);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.#fail(error);
      if (error.mayPass && this.#isWanted) this.#later(error);
    }
  }

  /** @param {Problem | null} problem */
  #fail(problem) {
    const isNews = this.problem !== problem;
    this.problem = problem;
    if (isNews) this.changed();
  }

  /** @param {Problem} problem */
  #later(problem) {
    const pause = problem.pauseMilliseconds * 2 ** this.#failures;
    this.#failures += 1;
    this.#timer = setTimeout(
      () => this.#run(),
      Math.max(problem.pauseMilliseconds, Math.min(pause, LONGEST_PAUSE_MILLISECONDS)),
    );
  }
}
