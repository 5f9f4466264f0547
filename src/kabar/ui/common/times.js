// How a moment is written, in the reader's own time zone and language.

import { words } from "./words.js";

const clock = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit" });
const weekday = new Intl.DateTimeFormat(undefined, { weekday: "short" });
const shortDay = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
const longDay = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });
const otherYear = new Intl.DateTimeFormat(undefined, { dateStyle: "long" });
const otherYearsDay = new Intl.DateTimeFormat(undefined, {
  day: "numeric",
  month: "short",
  year: "numeric",
});
const dayAndTime = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "short" });
const DAY_MILLISECONDS = 86_400_000;

/** @param {string} moment */
export const timeOfDay = (moment) => clock.format(new Date(moment));

/** @param {string} moment */
export const inFull = (moment) => full.format(new Date(moment));

/** The local day of a moment, as a key that sorts. @param {string} moment */
export function dayOf(moment) {
  const date = new Date(moment);
  const two = (/** @type {number} */ part) => String(part).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** The heading of a day. @param {string} moment */
export function dayTitle(moment, now = new Date()) {
  const date = new Date(moment);
  const ago = daysBetween(date, now);
  if (ago === 0) return words.today;
  if (ago === 1) return words.yesterday;
  return (date.getFullYear() === now.getFullYear() ? longDay : otherYear).format(date);
}

/** As short as a list needs it. @param {string} moment */
export function briefly(moment, now = new Date()) {
  const date = new Date(moment);
  const ago = daysBetween(date, now);
  if (ago === 0) return clock.format(date);
  if (ago === 1) return words.yesterday;
  if (ago > 0 && ago < 7) return weekday.format(date);
  return (date.getFullYear() === now.getFullYear() ? shortDay : otherYearsDay).format(date);
}

/** Of a moment that is to come. @param {string} moment */
export function soon(moment, now = new Date()) {
  const date = new Date(moment);
  const ago = daysBetween(date, now);
  if (ago === -1) return words.tomorrow(clock.format(date));
  return (ago === 0 ? clock : dayAndTime).format(date);
}

/** @param {Date} date @param {Date} now */
function daysBetween(date, now) {
  const midnight = (/** @type {Date} */ day) =>
    Date.UTC(day.getFullYear(), day.getMonth(), day.getDate());
  return Math.round((midnight(now) - midnight(date)) / DAY_MILLISECONDS);
}
