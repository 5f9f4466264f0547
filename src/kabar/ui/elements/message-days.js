// The messages day by day, and what stands in the place of those that are not loaded.

import { dayTitle } from "../common/times.js";
import { html, nothing, repeat } from "../vendor/lit.js";
import { failed } from "./acts.js";
import { messageRow } from "./message-row.js";
import { skeletons } from "./skeletons.js";

/**
 * @param {import("./message-groups.js").Day[]} days
 * @param {import("./message-row.js").Surroundings} around
 */
export const messageDays = (days, around) =>
  repeat(
    days,
    ({ day }) => day,
    ({ rows }) => html`<section class="day">
      <h2 class="date"><span>${dayTitle(rows[0].createdAt)}</span></h2>
      ${repeat(
        rows,
        ({ key }) => key,
        (row) => messageRow(row, around),
      )}
    </section>`,
  );

/**
 * At an end of what is drawn.
 * @param {import("../common/api.js").Problem | null} problem
 * @param {boolean} hasMore
 * @param {() => unknown} again
 */
export function beyond(problem, hasMore, again) {
  if (problem) return failed(problem, again);
  return hasMore ? skeletons(2) : nothing;
}
