// Is a moment written as its reader would say it?

import assert from "node:assert/strict";
import test from "node:test";

import { briefly, dayOf, dayTitle, soon, timeOfDay } from "../../src/kabar/ui/common/times.js";

const noon = (day) => new Date(2026, 2, day, 12).toISOString();
const now = new Date(2026, 2, 15, 9);

test("days near by have names", () => {
  assert.equal(dayTitle(noon(15), now), "Today");
  assert.equal(dayTitle(noon(14), now), "Yesterday");
  assert.match(dayTitle(noon(10), now), /10/);
});

test("yesterday is the day before, not 24 hours ago", () => {
  const lateYesterday = new Date(2026, 2, 14, 23, 59).toISOString();
  assert.equal(dayTitle(lateYesterday, new Date(2026, 2, 15, 0, 1)), "Yesterday");
});

test("another year is told", () => {
  assert.match(dayTitle(new Date(2024, 0, 5).toISOString(), now), /2024/);
});

test("a list shows the time of today and the weekday of this week", () => {
  assert.equal(briefly(noon(15), now), timeOfDay(noon(15)));
  assert.equal(briefly(noon(14), now), "Yesterday");
  const weekday = new Intl.DateTimeFormat(undefined, { weekday: "short" });
  assert.equal(briefly(noon(11), now), weekday.format(new Date(noon(11))));
  assert.match(briefly(noon(1), now), /1/);
});

test("a list shows the year of another year, and the weekday of this week all the same", () => {
  assert.match(briefly(new Date(2025, 2, 1, 12).toISOString(), now), /2025/);
  assert.doesNotMatch(briefly(noon(1), now), /2026/);
  const newYear = new Date(2026, 0, 2, 9);
  const weekday = new Intl.DateTimeFormat(undefined, { weekday: "short" });
  const lastYear = new Date(2025, 11, 29, 12);
  assert.equal(briefly(lastYear.toISOString(), newYear), weekday.format(lastYear));
});

test("the key of a day is local and sorts", () => {
  assert.equal(dayOf(new Date(2026, 0, 9, 23, 30).toISOString()), "2026-01-09");
});

test("a moment that is to come is said by its time, and by its day where that is another", () => {
  const now = new Date(2026, 10, 29, 9, 0);
  assert.equal(soon(new Date(2026, 10, 29, 17, 30).toISOString(), now), timeOfDay(new Date(2026, 10, 29, 17, 30).toISOString()));
  assert.match(soon(new Date(2026, 10, 30, 17, 30).toISOString(), now), /^tomorrow, .*30/);
  assert.match(soon(new Date(2026, 11, 1, 17, 30).toISOString(), now), /Dec 1, 2026.*30/);
});
