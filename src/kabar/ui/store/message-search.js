// Looking for what was said.

import { call, Problem } from "../common/api.js";
import { words } from "../common/words.js";
import { rooms } from "./rooms.js";
import { dayFrom, readSearch } from "./search-text.js";
import { session } from "./session.js";

/**
 * @typedef {import("../common/types").FoundMessage} FoundMessage
 * @typedef {import("../common/types").User} User
 */

const KINDS = ["image", "file", "link", "poll"];
/** A page may be empty and go on: so often it is asked on before one has to say so. */
const EMPTY_PAGES = 5;

/**
 * @param {string} text
 * @param {string | null} [cursor]
 * @returns {Promise<{messages: FoundMessage[], nextCursor: string | null}>}
 */
export async function searchMessages(text, cursor = null) {
  const { q, operators } = readSearch(text);
  const query = {
    q,
    senderId: operators.from && (await senderOf(operators.from)),
    roomId: operators.in && roomOf(operators.in),
    before: operators.before && timeOf(operators.before),
    after: operators.after && timeOf(operators.after),
    has: operators.has && kindOf(operators.has.toLowerCase()),
  };
  let page = await pageOf(query, cursor);
  for (let more = EMPTY_PAGES; more > 0 && page.nextCursor && !page.messages.length; more -= 1) {
    page = await pageOf(query, page.nextCursor);
  }
  return page;
}

/** @param {Record<string, string | undefined>} query @param {string | null} cursor */
const pageOf = (query, cursor) => call("GET", "api/chat/search", { query: { ...query, cursor } });

/** @param {string} name @returns {Promise<string>} */
async function senderOf(name) {
  const sought = name.replace(/^@/, "");
  if (sought === "me" && session.user) return session.user.id;
  const { users } = await call("GET", "api/users", { query: { query: sought, limit: 30 } });
  const exact = users.find((/** @type {User} */ { username }) => username === sought.toLowerCase());
  const found = exact ?? users[0];
  if (!found) refuse(words.nobodyCalled(sought));
  return found.id;
}

/** @param {string} name */
function roomOf(name) {
  const sought = folded(name.replace(/^[@#]/, ""));
  const named = rooms.all.map(({ id, name: own, otherUser }) => ({
    id,
    names: [folded(otherUser?.name ?? own ?? ""), folded(otherUser?.username ?? "")],
  }));
  const found =
    named.find(({ names }) => names.includes(sought)) ??
    named.find(({ names }) => names.some((each) => each.includes(sought)));
  if (!found) refuse(words.noRoomCalled(name));
  return found.id;
}

/** @param {string} value */
function timeOf(value) {
  const day = dayFrom(value.toLowerCase());
  if (Number.isNaN(day.getTime())) refuse(words.notADay(value));
  return day.toISOString();
}

/** @param {string} kind */
function kindOf(kind) {
  const found = KINDS.find((name) => name === kind || `${name}s` === kind);
  if (!found) refuse(words.noSuchKind(KINDS));
  return found;
}

/** @param {string} text */
const folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

/** @param {string} detail @returns {never} */
function refuse(detail) {
  throw new Problem({ status: 422, code: "invalid", detail });
}
