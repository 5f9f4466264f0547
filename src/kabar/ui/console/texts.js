// How the console writes times and payloads.

const clock = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });

/** @param {number} seconds since 1970 */
export const timeOf = (seconds) => clock.format(seconds * 1000);

/** @param {number} seconds since 1970 */
export const inFull = (seconds) => full.format(seconds * 1000);

/** JSON with a line for each value, anything else as it is. @param {string} data */
export function pretty(data) {
  try {
    return JSON.stringify(JSON.parse(data), null, 2);
  } catch {
    return data;
  }
}
