// What somebody did on the page: where it went wrong it says so, and how to go on.

import { Problem } from "../common/api.js";
import { words } from "../common/words.js";
import { html, nothing } from "../vendor/lit.js";
import { icon } from "./icon.js";

/** The acts of one element, which draws `notice` where it is seen. */
export class Acts {
  /** @type {Problem | null} */
  problem = null;
  isBusy = false;
  #again = () => {};

  /** @param {import("../vendor/lit.js").ReactiveControllerHost} host */
  constructor(host) {
    this.host = host;
    host.addController(this);
  }

  hostConnected() {}

  /**
   * Does it, and answers whether it went well. A newer act replaces what an older one said.
   * @param {() => Promise<unknown>} work
   */
  async do(work) {
    this.#become(null, true);
    try {
      await work();
      this.#become(null, false);
      return true;
    } catch (error) {
      this.#become(null, false);
      if (!(error instanceof Problem)) throw error;
      this.#again = () => this.do(work);
      this.#become(error, false);
      return false;
    }
  }

  /** What went wrong, and the way out: once more if that may help, else closing it. */
  get notice() {
    if (!this.problem) return nothing;
    const { mayPass, errors } = this.problem;
    // Where there is no field to write it at, what is wrong with it is said here.
    const message = errors.length ? errors.map((each) => each.message).join(" ") : this.problem.message;
    return html`<div class="notice error" role="alert">
      ${icon("circle-alert")}<span>${message}</span>
      <button type="button" class="text-button" @click=${mayPass ? this.#again : this.forget}>
        ${mayPass ? words.tryAgain : words.close}
      </button>
    </div>`;
  }

  forget = () => this.#become(null, this.isBusy);

  /** @param {Problem | null} problem @param {boolean} isBusy */
  #become(problem, isBusy) {
    this.problem = problem;
    this.isBusy = isBusy;
    this.host.requestUpdate();
  }
}

/**
 * In the place of what could not be loaded.
 * @param {Problem} problem
 * @param {() => unknown} again
 */
export const failed = (problem, again) => html`<div class="blank" role="alert">
  ${icon("circle-alert")}
  <p>${problem.message}</p>
  <button class="button" @click=${() => again()}>${words.tryAgain}</button>
</div>`;
