// Which page the address names; links within Kabar change it without loading anew.

import { base } from "../common/api.js";
import { Store } from "../common/store.js";

const OUTSIDE = ["sign-in", "register"];
const PAGES = ["chat", "people", "notifications", "account", "invite", "moderation", ...OUTSIDE];

class Router extends Store {
  constructor() {
    super();
    addEventListener("popstate", () => this.changed());
    document.addEventListener("click", (event) => this.#clicked(event));
  }

  /** The page and what of it: `/people/ada` is ["people", "ada"]. */
  get place() {
    return placeOf(location.pathname);
  }

  get query() {
    return new URLSearchParams(location.search);
  }

  /** Where somebody was going who had to sign in first. */
  get next() {
    const url = new URL(this.query.get("next") ?? "", base);
    const [page] = url.origin === base.origin ? placeOf(url.pathname) : [""];
    return page && !OUTSIDE.includes(page) ? url.pathname + url.search : this.path("chat");
  }

  /** @param {string} page @param {string} [rest] */
  path(page, rest = "") {
    return new URL(rest ? `${page}/${encodeURIComponent(rest)}` : page, base).pathname;
  }

  /** @param {string} path @param {{replace?: boolean}} [options] */
  go(path, { replace = false } = {}) {
    const target = this.#withNext(new URL(path, base));
    if (target === location.pathname + location.search) return;
    if (replace) history.replaceState(null, "", target);
    else history.pushState(null, "", target);
    this.changed();
  }

  /** Who is sent to sign in comes back to where they were going. @param {URL} url */
  #withNext(url) {
    const [here] = this.place;
    if (OUTSIDE.includes(placeOf(url.pathname)[0])) {
      const kept = OUTSIDE.includes(here) ? this.query.get("next") : null;
      const next = kept ?? (here && !OUTSIDE.includes(here) && location.pathname + location.search);
      if (next) url.searchParams.set("next", next);
    }
    return url.pathname + url.search;
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
    this.go(link.pathname + link.search);
  }
}

/** @param {string} path @returns {[string, string]} */
function placeOf(path) {
  const inside = path.startsWith(base.pathname) ? path.slice(base.pathname.length) : "";
  const [page = "", rest = ""] = inside.split("/").map(readable);
  return PAGES.includes(page) ? [page, rest] : ["", ""];
}

/** An address that somebody typed may be no encoding at all. @param {string} part */
function readable(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export const router = new Router();
