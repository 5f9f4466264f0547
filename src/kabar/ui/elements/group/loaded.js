// A part of a group's panel that shows a list of the server's: loaded, and again when something happens.

import { live } from "../../live/live.js";
import { Asking } from "../../store/asking.js";
import { html } from "../../vendor/lit.js";
import { failed } from "../acts.js";
import { skeletons } from "../skeletons.js";

/** @template T */
export class Loaded {
  /** @type {T | null} */
  value = null;
  #stops = /** @type {(() => void)[]} */ ([]);
  #asking = new Asking(
    async () => {
      this.value = await this.load();
      this.host.requestUpdate();
    },
    () => this.host.requestUpdate(),
  );

  /**
   * @param {import("../../vendor/lit.js").ReactiveControllerHost} host
   * @param {() => Promise<T>} load
   * @param {() => [string, string[]][]} heard channels, and on each the events that change it
   */
  constructor(host, load, heard) {
    this.host = host;
    this.load = load;
    this.heard = heard;
    host.addController(this);
  }

  hostConnected() {
    const again = () => void this.again();
    for (const [channel, events] of this.heard()) {
      const handlers = Object.fromEntries(events.map((event) => [event, again]));
      this.#stops.push(live.listen(channel, handlers, again));
    }
    this.again();
  }

  hostDisconnected() {
    for (const stop of this.#stops) stop();
    this.#stops = [];
    this.#asking.stop();
  }

  /** Asks anew: what was asked for is another thing, or may have changed. */
  again() {
    return this.#asking.ask();
  }

  /** @param {(value: T) => unknown} draw */
  draw(draw) {
    if (this.value !== null) return draw(this.value);
    const { problem } = this.#asking;
    return problem ? failed(problem, () => this.again()) : html`${skeletons(3)}`;
  }
}
