// Lists of mine that are short enough to be had whole.

import { call } from "../common/api.js";

/** @typedef {import("../common/types").User} User */

const PAGE = 100;

/** All users of a list, by id, in its order. @param {string} path */
export async function everyPage(path) {
  /** @type {Map<string, User>} */
  const found = new Map();
  let cursor = null;
  do {
    const query = { limit: PAGE, cursor };
    const page = await call("GET", path, { query });
    for (const user of page.users) found.set(user.id, user);
    cursor = page.nextCursor;
  } while (cursor);
  return found;
}
