// What the stores of a signed-in user share: they start with the user and hear their channel.

import { Store } from "../common/store.js";
import { live } from "../live/live.js";
import { Asking } from "./asking.js";
import { session } from "./session.js";

export class OfUser extends Store {
  /** @type {string | null} */
  userId = null;
  #begun = false;
  #stopListening = () => {};
  #asking = new Asking(() => this.refresh(), () => this.changed());

  /** Elements call it when they come onto a page; once is enough. */
  begin() {
    if (this.#begun) return;
    this.#begun = true;
    session.addEventListener("change", () => this.#follow());
    session.load();
    this.#follow();
  }

  /** Its channel is heard, for the first time or again: what was told meanwhile is not known. */
  ready() {
    return this.catchUp();
  }

  /** Fetches what is shown, until that went well: at the start and after each reconnection. */
  catchUp() {
    return this.#asking.ask();
  }

  /** Why what is shown could not be fetched. */
  get problem() {
    return this.#asking.problem;
  }

  /** Fetches what is shown, once. */
  async refresh() {}

  /** What it hears. @returns {import("../live/live.js").Handlers} */
  handlers() {
    return {};
  }

  #follow() {
    const user = session.status === "in" ? session.user : null;
    if (!user || user.id === this.userId) return;
    this.userId = user.id;
    this.#stopListening();
    this.#stopListening = live.listen(`private-user-${user.id}`, this.handlers(), () => {
      this.ready();
    });
    this.catchUp();
  }
}
