// Which page the address names; links within Kabar change it without loading anew.

import { base } from "../common/api.js";
import { Store } from "../common/store.js";

const PAGES = ["chat", "people", "notifications", "sign-in", "register"];

class Router extends Store {
  constructor() {
    super();
    addEventListener("popstate", () => this.changed());
    document.addEventListener("click", (event) => this.#clicked(event));
  }

  /** The page and what of it: `/people/ada` is ["people", "ada"]. */
  get place() {
    const path = location.pathname.slice(base.pathname.length);
    const [page = "", rest = ""] = path.split("/").map(decodeURIComponent);
    return PAGES.includes(page) ? [page, rest] : ["", ""];
  }

  /** @param {string} page @param {string} [rest] */
  path(page, rest = "") {
    return new URL(rest ? `${page}/${encodeURIComponent(rest)}` : page, base).pathname;
  }

  /** @param {string} path @param {{replace?: boolean}} [options] */
  go(path, { replace = false } = {}) {
    if (path === location.pathname) return;
    if (replace) history.replaceState(null, "", path);
    else history.pushState(null, "", path);
    this.changed();
  }

  /** @param {MouseEvent} event */
  #clicked(event) {
    const link = event.composedPath().find((node) => node instanceof HTMLAnchorElement);
    const modified = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
    if (!link || event.defaultPrevented || modified || link.target) return;
    const path = link.pathname.slice(base.pathname.length);
    const inside = link.origin === base.origin && link.pathname.startsWith(base.pathname);
    if (!inside || !PAGES.includes(path.split("/")[0])) return;
    event.preventDefault();
    this.go(link.pathname);
  }
}

export const router = new Router();
