// Does the page know what to do with every event that a room tells?

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import "./browser.mjs";

const { ROOM_EVENTS } = await import("../../src/kabar/ui/store/room-events.js");
const reference = readFileSync(new URL("../../docs/reference/events.md", import.meta.url), "utf8");

test("every event of a room changes something", () => {
  const table = reference.split("## On a room")[1].split("## ")[0];
  const told = [...table.matchAll(/^\| (`[^|]*`) \|/gm)].flatMap(([, names]) =>
    [...names.matchAll(/`([^`]+)`/g)].map(([, name]) => name),
  );
  assert.ok(told.length > 10);
  assert.deepEqual(told.filter((name) => !ROOM_EVENTS[name]), []);
});
