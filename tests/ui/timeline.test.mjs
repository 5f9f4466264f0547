// Are messages in order, each once, and is a hole noticed?

import assert from "node:assert/strict";
import test from "node:test";

import { Timeline } from "../../src/kabar/ui/store/timeline.js";

const message = (seq, more = {}) => ({
  id: `m${seq}`,
  seq,
  content: `text ${seq}`,
  isRead: false,
  readAt: null,
  editedAt: null,
  deletedAt: null,
  reactions: [],
  version: 0,
  ...more,
});
const seqs = (timeline) => timeline.messages.map(({ seq }) => seq);

test("messages stand in the order of the room, however they arrive", () => {
  const timeline = new Timeline();
  timeline.mergePage([message(4), message(5)]);
  timeline.merge([message(7)]);
  timeline.merge([message(6)]);
  timeline.merge([message(2), message(3)]);
  assert.deepEqual(seqs(timeline), [2, 3, 4, 5, 6, 7]);
});

test("a message that comes twice is there once", () => {
  const timeline = new Timeline();
  timeline.mergePage([message(1), message(2)]);
  timeline.merge([message(2), message(2)]);
  assert.deepEqual(seqs(timeline), [1, 2]);
});

test("what follows a hole is not sure until the hole is filled", () => {
  const timeline = new Timeline();
  timeline.mergePage([message(1), message(2)]);
  timeline.merge([message(4), message(5)]);
  assert.equal(timeline.sureSeq, 2);
  assert.equal(timeline.lastSure.seq, 2);

  timeline.merge([message(3)]);
  assert.equal(timeline.sureSeq, 5);
  assert.equal(timeline.lastSure.seq, 5);
});

test("a number that something else has is no hole", () => {
  const timeline = new Timeline();
  timeline.mergePage([message(1), message(2)]);
  timeline.skip(4);
  assert.equal(timeline.sureSeq, 2);
  timeline.merge([message(3)]);
  timeline.merge([message(5)]);
  assert.equal(timeline.sureSeq, 5);
  assert.deepEqual(seqs(timeline), [1, 2, 3, 5]);
});

test("older messages that are loaded do not make newer ones sure", () => {
  const timeline = new Timeline();
  timeline.mergePage([message(10)]);
  timeline.merge([message(12)]);
  timeline.merge([message(8), message(9)]);
  assert.equal(timeline.sureSeq, 10);
});

test("an answer that is older than an edit does not take the edit back", () => {
  const timeline = new Timeline();
  timeline.mergePage([message(1)]);
  timeline.merge([message(1, { content: "new words", version: 1 })]);
  timeline.mergePage([message(1)]);
  assert.equal(timeline.last.content, "new words");
});

test("a deleted message stays deleted", () => {
  const timeline = new Timeline();
  timeline.mergePage([message(1)]);
  timeline.change("m1", { content: "", deletedAt: "2026-01-01T10:00:00.000Z" });
  timeline.merge([message(1, { editedAt: "2026-01-01T11:00:00.000Z" })]);
  assert.equal(timeline.last.content, "");
});

test("a message that was read stays read", () => {
  const timeline = new Timeline();
  timeline.mergePage([message(1, { isRead: true, readAt: "2026-01-01T10:00:00.000Z" })]);
  timeline.merge([message(1, { content: "edited", editedAt: "2026-01-01T11:00:00.000Z" })]);
  assert.equal(timeline.last.isRead, true);
  assert.equal(timeline.last.content, "edited");
});

const reacted = (version, reactions) => ({
  messageId: "m1",
  emoji: "👍",
  reactions: reactions.map((count) => ({ emoji: "👍", count })),
  version,
});
const shown = (timeline) => timeline.messages[0].reactions;

test("a reaction counts as the server counts, and is mine where I put it, on any device", () => {
  const timeline = new Timeline();
  timeline.mergePage([message(1)]);
  timeline.react(reacted(1, [1]), true);
  assert.deepEqual(shown(timeline), [{ emoji: "👍", count: 1, mine: true }]);
  timeline.react(reacted(2, [2]), undefined);
  assert.deepEqual(shown(timeline), [{ emoji: "👍", count: 2, mine: true }]);
  timeline.react(reacted(3, [1]), false);
  assert.deepEqual(shown(timeline), [{ emoji: "👍", count: 1, mine: false }]);
});

test("an event that an answer overtook changes no count, and takes nothing away", () => {
  const timeline = new Timeline();
  timeline.mergePage([message(1, { version: 3, reactions: [{ emoji: "👍", count: 3, mine: true }] })]);
  timeline.react(reacted(2, [2]), undefined);
  assert.deepEqual(shown(timeline), [{ emoji: "👍", count: 3, mine: true }]);
});

test("what many are told at once takes nobody's own mark away", () => {
  const timeline = new Timeline();
  timeline.mergePage([message(1, { version: 1, reactions: [{ emoji: "👍", count: 1, mine: true }] })]);
  timeline.update(message(1, { version: 2, content: "new", reactions: [{ emoji: "👍", count: 1 }] }));
  assert.deepEqual(shown(timeline), [{ emoji: "👍", count: 1, mine: true }]);
  assert.equal(timeline.last.content, "new");
});

test("what becomes of a message that is not loaded leaves no hole", () => {
  const timeline = new Timeline();
  timeline.mergePage([message(4), message(5)]);
  timeline.update(message(1, { version: 1 }));
  assert.deepEqual(seqs(timeline), [4, 5]);
});

test("what hangs on a message keeps what I have not read of it, whichever news comes first", () => {
  const timeline = new Timeline();
  const thread = { repliesCount: 2, lastReplyAt: "then", unreadCount: 2, version: 4 };
  timeline.mergePage([message(1, { version: 2, thread })]);
  const told = (more) => ({ threadId: "m1", version: 3, thread: { ...thread, ...more } });

  // To all of the room, which does not know what I have read.
  timeline.hang(told({ repliesCount: 3, unreadCount: undefined, version: undefined }));
  assert.deepEqual(timeline.last.thread, { ...thread, repliesCount: 3 });
  timeline.hang(told({ repliesCount: 3, unreadCount: 3, version: 6 }));
  assert.equal(timeline.last.thread.unreadCount, 3);
  timeline.readOn({ threadId: "m1", unreadCount: 0, version: 9 });
  assert.equal(timeline.last.thread.unreadCount, 0);
  // Older than what I have read since.
  timeline.hang(told({ repliesCount: 3, unreadCount: 3, version: 6 }));
  timeline.readOn({ threadId: "m1", unreadCount: 1, version: 8 });
  timeline.update(message(1, { version: 4, content: "new", thread: { repliesCount: 3, lastReplyAt: "then" } }));
  assert.equal(timeline.last.thread.unreadCount, 0);
  assert.equal(timeline.last.content, "new");
});
