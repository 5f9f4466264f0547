// My personal access tokens: what programs of mine sign in with.

import { call } from "../common/api.js";

/** @typedef {import("../common/types").AccessToken} AccessToken */

/** @param {string | null} cursor @returns {Promise<{tokens: AccessToken[], nextCursor: string | null}>} */
export const listTokens = (cursor) => call("GET", "api/auth/tokens", { query: { cursor } });

/** The secret part is told this once. @param {string} name @returns {Promise<{id: string, token: string}>} */
export const makeToken = (name) => call("POST", "api/auth/tokens", { body: { name } });

/** @param {string} id */
export const revokeToken = (id) => call("DELETE", `api/auth/tokens/${encodeURIComponent(id)}`);
