// Who is signed in to the console, which app is looked at, and where.

import { api, call, Problem } from "../common/api.js";
import { Store } from "../common/store.js";

export const PANES = /** @type {const} */ ([
  "overview",
  "connections",
  "channels",
  "events",
  "webhooks",
  "send",
]);

class ConsoleState extends Store {
  constructor() {
    super();
    /** @type {"unknown" | "in" | "out" | "ended"} */
    this.status = "unknown";
    this.isCutOff = false;
    /** @type {import("./types").App[]} */
    this.apps = [];
    addEventListener("hashchange", () => this.changed());
    api.addEventListener("signed-out", () => this.#signedOut());
  }

  /** `#/app/pane/detail` */
  get place() {
    const [, app = "", pane = "", ...rest] = location.hash.split("/").map(readable);
    const known = PANES.find((each) => each === pane) ?? "overview";
    return { app: app || this.apps[0]?.id || "", pane: known, detail: rest.join("/") };
  }

  /** @param {string} app @param {string} pane @param {string} [detail] */
  address(app, pane, detail = "") {
    const parts = [app, pane, ...(detail ? [detail] : [])];
    return `#/${parts.map(encodeURIComponent).join("/")}`;
  }

  async load() {
    try {
      this.apps = await call("GET", "console/api/apps");
      this.status = "in";
      this.isCutOff = false;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (error.status !== 401) this.isCutOff = true;
    }
    this.changed();
  }

  /** @param {string} password */
  async signIn(password) {
    await call("POST", "console/api/sign-in", { body: { password } });
    await this.load();
  }

  async signOut() {
    await call("POST", "console/api/sign-out");
    this.status = "out";
    this.apps = [];
    this.changed();
  }

  /** @param {boolean} isCutOff */
  reached(isCutOff) {
    if (this.isCutOff === isCutOff) return;
    this.isCutOff = isCutOff;
    this.changed();
  }

  #signedOut() {
    this.status = this.status === "in" || this.status === "ended" ? "ended" : "out";
    this.apps = [];
    this.changed();
  }
}

/** An address that somebody typed may be no encoding at all. @param {string} part */
function readable(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export const state = new ConsoleState();
