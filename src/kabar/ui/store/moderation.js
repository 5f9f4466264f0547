// What is reported to moderators, what they do, and the lists they do it from.

import { call } from "../common/api.js";

/**
 * @typedef {import("../common/types").Message} Message
 * @typedef {import("../common/types").Report} Report
 * @typedef {import("../common/types").Suspension} Suspension
 * @typedef {import("../common/types").ModerationAct} ModerationAct
 */

const PAGE = 50;
const DAY_MILLISECONDS = 86_400_000;

/** @param {{messageId: string} | {userId: string} | {roomId: string}} subject @param {string} reason */
export const report = (subject, reason) =>
  call("POST", "api/reports", { body: { ...subject, reason } });

export const moderation = {
  /** @param {boolean} resolved @param {number} most @returns {Promise<Part<Report>>} */
  reports: (resolved, most) =>
    first(`api/moderation/reports?resolved=${resolved}`, "reports", most),

  /** With what stands around it. @param {string} id @returns {Promise<Message[]>} */
  context: async (id) => (await call("GET", reportPath(id))).messages,

  /** @param {string} id @param {import("../common/types").ReportAction} action @param {string} note */
  resolve: (id, action, note) =>
    call("POST", `${reportPath(id)}/resolve`, { body: { action, note: note || null } }),

  /** @param {string} userId @param {{days: number, reason: string}} how 0 days: without an end */
  suspend(userId, { days, reason }) {
    const until = days ? new Date(Date.now() + days * DAY_MILLISECONDS).toISOString() : null;
    return call("PUT", pathOf(userId), { body: { until, reason: reason || null } });
  },

  /** @param {string} userId */
  lift: (userId) => call("DELETE", pathOf(userId)),

  /** @param {number} most @returns {Promise<Part<Suspension>>} */
  suspended: (most) => first("api/moderation/suspensions", "suspended", most),

  /** @param {number} most @returns {Promise<Part<ModerationAct>>} */
  acts: (most) => first("api/moderation/acts", "acts", most),
};

/** @template T @typedef {{rows: T[], isMore: boolean}} Part */

/** The first so many of a list. @param {string} path @param {string} name @param {number} most */
async function first(path, name, most) {
  const rows = [];
  let cursor = null;
  do {
    const query = { limit: PAGE, cursor };
    const page = await call("GET", path, { query });
    rows.push(...page[name]);
    cursor = page.nextCursor;
  } while (cursor && rows.length < most);
  return { rows, isMore: cursor !== null };
}

/** @param {string} id */
const reportPath = (id) => `api/moderation/reports/${encodeURIComponent(id)}`;

/** @param {string} userId */
const pathOf = (userId) => `api/moderation/users/${encodeURIComponent(userId)}/suspension`;
