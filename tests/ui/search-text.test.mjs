// What does somebody look for who types this?

import assert from "node:assert/strict";
import { test } from "node:test";
import { dayFrom, readSearch } from "../../src/kabar/ui/store/search-text.js";

test("operators are taken out of the words, wherever they stand", () => {
  assert.deepEqual(readSearch('plan from:ann in:"The team" for has:link tonight'), {
    q: "plan for tonight",
    operators: { from: "ann", in: "The team", has: "link" },
  });
});

test("an address is no operator, nor is one that has still no value", () => {
  assert.deepEqual(readSearch("https://in:8000 from: hello"), {
    q: "https://in:8000 hello",
    operators: {},
  });
  assert.deepEqual(readSearch('"from the start"'), { q: '"from the start"', operators: {} });
});

test("a day begins where the person is", () => {
  const now = new Date(2026, 2, 1, 15, 30);
  assert.deepEqual(dayFrom("2026-11-29"), new Date(2026, 10, 29));
  assert.deepEqual(dayFrom("today", now), new Date(2026, 2, 1));
  assert.deepEqual(dayFrom("yesterday", now), new Date(2026, 1, 28));
  assert.ok(Number.isNaN(dayFrom("soon").getTime()));
});
