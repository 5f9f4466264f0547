// How many reports wait, for who moderates.

import { call } from "../common/api.js";
import { OfUser } from "./of-user.js";
import { session } from "./session.js";

/** More of them are "many". */
const MOST = 100;

class OpenReports extends OfUser {
  count = 0;
  #role = "user";

  begin() {
    super.begin();
    session.addEventListener("change", () => {
      if (session.role === this.#role) return;
      this.#role = session.role;
      this.catchUp();
    });
  }

  async refresh() {
    if (session.role === "user") return;
    const query = { limit: MOST };
    this.count = (await call("GET", "api/moderation/reports", { query })).reports.length;
    this.changed();
  }

  handlers() {
    return { "moderation-changed": () => void this.catchUp() };
  }
}

export const openReports = new OpenReports();
