// Do messages stand together by day, by sender, and at the right side of the divider?

import assert from "node:assert/strict";
import test from "node:test";

import { daysOf, firstUnread } from "../../src/kabar/ui/elements/message-groups.js";

const ME = "me";
const OTHERS = (message) => message.senderId !== ME;
let seq = 0;
const said = (senderId, createdAt, more = {}) => {
  seq += 1;
  return { id: `m${seq}`, seq, senderId, createdAt, clientId: null, content: "", ...more };
};
const shape = (rows) => rows.map((row) => [row.startsGroup, row.endsGroup]);

test("what one person says without a pause is one group", () => {
  const messages = [
    said("bob", "2026-03-01T12:00:00Z"),
    said("bob", "2026-03-01T12:01:00Z"),
    said(ME, "2026-03-01T12:01:30Z"),
    said("bob", "2026-03-01T12:02:00Z"),
  ];
  const [{ rows }] = daysOf(messages, [], ME, null);
  assert.deepEqual(shape(rows), [
    [true, false],
    [false, true],
    [true, true],
    [true, true],
  ]);
});

test("a pause of five minutes ends a group", () => {
  const messages = [said("bob", "2026-03-01T12:00:00Z"), said("bob", "2026-03-01T12:05:00Z")];
  const [{ rows }] = daysOf(messages, [], ME, null);
  assert.deepEqual(shape(rows), [
    [true, true],
    [true, true],
  ]);
});

test("midnight, where the reader is, ends a day and a group", () => {
  const midnight = new Date(2026, 2, 2, 0, 0, 0).getTime();
  const around = [midnight - 60_000, midnight + 60_000].map((at) => new Date(at).toISOString());
  const days = daysOf(
    around.map((at) => said("bob", at)),
    [],
    ME,
    null,
  );
  assert.deepEqual(
    days.map(({ day }) => day),
    ["2026-03-01", "2026-03-02"],
  );
  assert.deepEqual(shape(days.flatMap(({ rows }) => rows)), [
    [true, true],
    [true, true],
  ]);
});

test("the divider stands before the first message of others that was not read", () => {
  const messages = [
    said("bob", "2026-03-01T12:00:00Z"),
    said(ME, "2026-03-01T12:00:10Z"),
    said("bob", "2026-03-01T12:00:20Z"),
    said("bob", "2026-03-01T12:00:30Z"),
  ];
  const unread = firstUnread(messages, OTHERS, messages[0].seq, false);
  assert.equal(unread, messages[2]);

  const [{ rows }] = daysOf(messages, [], ME, unread);
  assert.deepEqual(
    rows.map(({ isFirstUnread }) => isFirstUnread),
    [false, false, true, false],
  );
});

test("there is no divider while its place is not loaded", () => {
  const messages = [said("bob", "2026-03-01T12:00:00Z"), said("bob", "2026-03-01T12:01:00Z")];
  assert.equal(firstUnread(messages, OTHERS, messages[0].seq - 5, true), null);
  assert.equal(firstUnread(messages, OTHERS, messages[0].seq - 1, true), messages[0]);
  assert.equal(firstUnread(messages, OTHERS, null, false), null);
});

test("a message keeps its key when the server confirms it", () => {
  const unsent = { clientId: "c1", content: "hi", createdAt: "2026-03-01T12:00:00Z" };
  const [{ rows: before }] = daysOf([], [unsent], ME, null);
  const confirmed = said(ME, "2026-03-01T12:00:01Z", { clientId: "c1" });
  const [{ rows: after }] = daysOf([confirmed], [], ME, null);
  assert.equal(before[0].key, after[0].key);
});
