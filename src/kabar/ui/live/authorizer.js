// Asks the server what the connection may hear, and who it is; many channels go in one call.

import { Problem, call } from "../common/api.js";

/** The server answers for so many channels at once. */
const MOST_CHANNELS = 100;

/**
 * @typedef {(error: Error | null, data: SignIn | null) => void} SignInAnswer
 * @typedef {{auth: string, channel_data?: string}} Subscription
 * @typedef {(error: Error | null, data: Subscription | null) => void} Subscribe
 * @typedef {{auth: string, user_data: string}} SignIn
 */

export class Authorizer {
  /** Who waits for which channel. @type {Map<string, Subscribe>} */
  #waiting = new Map();
  /** The socket that they wait with. */
  #socketId = "";
  #timer = 0;

  /** pusher-js asks this for each private channel, for all of them when it has connected.
   * @param {{socketId: string, channelName: string}} asked @param {Subscribe} answer */
  subscribe = ({ socketId, channelName }, answer) => {
    if (socketId !== this.#socketId) this.#begin(socketId);
    this.#waiting.set(channelName, answer);
    this.#timer ||= window.setTimeout(() => this.#ask(), 0);
  };

  /** pusher-js asks this when it has connected.
   * @param {{socketId: string}} asked @param {SignInAnswer} answer */
  signIn = ({ socketId }, answer) => {
    if (socketId !== this.#socketId) this.#begin(socketId);
    this.#askSignIn(socketId, answer);
  };

  /** Nobody waits any more. */
  stop() {
    this.#begin("");
  }

  /** What was asked for another socket is worth nothing to this one. @param {string} socketId */
  #begin(socketId) {
    this.#socketId = socketId;
    this.#waiting.clear();
    clearTimeout(this.#timer);
    this.#timer = 0;
  }

  async #ask() {
    this.#timer = 0;
    const socketId = this.#socketId;
    const asked = [...this.#waiting].slice(0, MOST_CHANNELS);
    for (const [name] of asked) this.#waiting.delete(name);
    if (this.#waiting.size > 0) this.#timer = window.setTimeout(() => this.#ask(), 0);

    const body = { socket_id: socketId, channel_name: asked.map(([name]) => name) };
    const [answers, problem] = await call("POST", "api/pusher/auth", { body }).then(
      (found) => [found, null],
      (/** @type {Problem} */ error) => [{}, error],
    );
    if (socketId !== this.#socketId) return;
    if (problem?.mayPass) this.#askAgain(asked, problem);
    else for (const [name, answer] of asked) tell(answer, answers[name], problem);
  }

  /** @param {string} socketId @param {SignInAnswer} answer */
  async #askSignIn(socketId, answer) {
    if (socketId !== this.#socketId) return;
    const body = { socket_id: socketId };
    const [data, problem] = await call("POST", "api/pusher/user-auth", { body }).then(
      (found) => [found, null],
      (/** @type {Problem} */ error) => [null, error],
    );
    if (socketId !== this.#socketId) return;
    if (problem?.mayPass) {
      setTimeout(() => this.#askSignIn(socketId, answer), problem.pauseMilliseconds);
    } else answer(problem, data);
  }

  /** pusher-js gives a channel up that it could not ask for, until the socket is another.
   * @param {[string, Subscribe][]} asked @param {Problem} problem */
  #askAgain(asked, problem) {
    for (const [name, answer] of asked) {
      if (!this.#waiting.has(name)) this.#waiting.set(name, answer);
    }
    this.#timer ||= window.setTimeout(() => this.#ask(), problem.pauseMilliseconds);
  }
}

/**
 * @param {Subscribe} answer
 * @param {{status: number, data?: Subscription, code?: string} | undefined} found
 * @param {Error | null} problem
 */
function tell(answer, found, problem) {
  if (found?.data) answer(null, found.data);
  else answer(problem ?? new Error(found?.code ?? "no answer"), null);
}
