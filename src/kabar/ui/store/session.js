// Who is signed in.

import { api, base, call, unmissed } from "../common/api.js";
import { Store } from "../common/store.js";
import { live } from "../live/live.js";
import { kept, keptInTab } from "./kept.js";

const RETRY_MILLISECONDS = 3_000;

class Session extends Store {
  /** "expired": somebody was signed in, and the server no longer knows them. */
  /** @type {"unknown" | "in" | "out" | "expired"} */
  status = "unknown";
  /** @type {import("../common/types").User | null} */
  user = null;
  /** @type {import("../common/types").OwnProfile | null} */
  profile = null;
  unreachable = false;
  /** On the whole server. @type {import("../common/types").ServerRole} */
  role = "user";

  #others = new BroadcastChannel(`${base} session`);
  /** @type {Promise<void> | null} */
  #loading = null;

  constructor() {
    super();
    api.addEventListener("signed-out", () => this.#expire());
    // Who signs out means every tab of this browser.
    this.#others.addEventListener("message", () => this.#leave());
  }

  load() {
    this.#loading ??= this.#load();
    return this.#loading;
  }

  /** @param {{username: string, name: string, email: string, password: string}} account */
  async register(account) {
    this.#enter((await call("POST", "api/auth/register", { body: account })).user);
  }

  /** @param {{login: string, password: string}} credentials */
  async signIn(credentials) {
    this.#enter((await call("POST", "api/auth/login", { body: credentials })).user);
  }

  async signOut() {
    await call("POST", "api/auth/logout");
    this.#others.postMessage("signed out");
    this.#leave();
  }

  /** My account is no more. @param {string} password empty where there is none */
  async erase(password) {
    await call("DELETE", "api/me", { body: { password } });
    this.#others.postMessage("signed out");
    this.#leave();
  }

  /** A fresh page: nothing of this person stays in memory. */
  #leave() {
    kept.forget();
    keptInTab.forget();
    location.assign(base);
  }

  /** What only I see of myself, and can change. */
  async loadProfile() {
    this.#know(await call("GET", "api/me"));
  }

  /** @param {Record<string, string | boolean>} changes */
  async edit(changes) {
    this.#know(await call("PATCH", "api/me", { body: changes }));
  }

  /** @param {import("../common/types").OwnProfile} profile */
  #know(profile) {
    this.profile = profile;
    this.#become("in", profile);
  }

  /** Asks again, for counts that moved. */
  async refresh() {
    const { user, role = "user" } = await call("GET", "api/auth/session");
    if (!user || this.status !== "in") return;
    this.role = role;
    this.#become("in", user);
  }

  async #load() {
    try {
      const { user, role = "user" } = await call("GET", "api/auth/session");
      this.role = role;
      this.#become(user ? "in" : "out", user);
    } catch {
      // The server may be starting: the page shows that it waits, and asks again.
      this.#loading = null;
      this.unreachable = true;
      setTimeout(() => this.load(), RETRY_MILLISECONDS);
      this.changed();
    }
  }

  /** @param {import("../common/types").User} user */
  #enter(user) {
    const another = this.user && this.user.id !== user.id;
    if (another) location.reload();
    else {
      // The socket was opened by somebody the server did not know yet.
      live.restart();
      this.#become("in", user);
      // Which role they have.
      unmissed(this.refresh());
    }
  }

  #expire() {
    if (this.status !== "in") return;
    live.stop();
    this.#become("expired", this.user);
  }

  /** @param {Session["status"]} status @param {import("../common/types").User | null} user */
  #become(status, user) {
    this.unreachable = false;
    this.status = status;
    this.user = user;
    this.changed();
  }
}

export const session = new Session();
