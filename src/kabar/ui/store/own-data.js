// The file with all that is stored of me: asking for it, and how far it is.

import { call } from "../common/api.js";

/** @typedef {import("../common/types").OwnData} OwnData */

/** Asks for it; while one is written, that is the one. @returns {Promise<{id: string}>} */
export const askForData = () => call("POST", "api/me/export");

/** The newest one, if there is one. @returns {Promise<OwnData | null>} */
export const latestData = async () => (await call("GET", "api/me/export")).export;
