// How one has rooms for oneself: which list shows them, what counts, and when that ends by itself?

import assert from "node:assert/strict";
import test from "node:test";
import { setTimeout as pause } from "node:timers/promises";

import { Server } from "./browser.mjs";

const { rooms } = await import("../../src/kabar/ui/store/rooms.js");

const ME = "me";
const PATCH = (id) => `PATCH /api/chat/rooms/${id}/me`;
const GET = (id) => `GET /api/chat/rooms/${id}`;
let number = 0;

const room = (id, me = {}) => ({
  id,
  type: "GROUP",
  name: id,
  lastSeq: 3,
  lastMessage: "text 3",
  lastMessageAt: "2026-01-01T00:00:00Z",
  createdAt: "2026-01-01T00:00:00Z",
  participantsCount: 2,
  me: {
    role: "member",
    unreadCount: 1,
    lastReadSeq: 2,
    isMuted: false,
    mutedUntil: null,
    isPinned: false,
    isArchived: false,
    notify: "all",
    version: 1,
    ...me,
  },
});

/** One room that I have so, and its id. @param {object} me */
async function having(me) {
  const server = new Server();
  const id = `room${(number += 1)}`;
  server.room = room(id, me);
  server.answers = {
    "GET /api/messages": ({ filter }) => ({
      conversations: Boolean(server.room.me.isArchived) === (filter === "archived") ? [server.room] : [],
      nextCursor: null,
    }),
    "GET /api/chat/unread": () => ({ total: 0 }),
    [GET(id)]: () => server.room,
    [PATCH(id)]: () => server.room,
  };
  rooms.userId = ME;
  await rooms.catchUp();
  await server.settled();
  assert.equal(rooms.all.length, 1);
  return { server, id };
}
const ids = (list) => list.map(({ id }) => id);
const tell = (name, data) => rooms.handlers()[name](data);
const bell = (roomId) => ({
  roomId,
  seq: 4,
  senderId: "ann",
  content: "text 4",
  createdAt: "2026-01-01T00:01:00Z",
  unreadCount: 2,
  version: 2,
});

test("what is put away is in a list of its own, and counts nothing", async () => {
  const { id } = await having({ isArchived: true });
  assert.deepEqual([ids(rooms.list), ids(rooms.lists.archived)], [[], [id]]);
  assert.equal(rooms.unread, 0);
});

test("a message brings back what is put away, and an edit does not", async () => {
  const { id } = await having({ isArchived: true });
  const message = { ...bell(id), seq: 3, id: "three", attachments: [], content: "edited" };
  tell("message-edited", message);
  assert.deepEqual(ids(rooms.lists.archived), [id]);
  tell("new-message", bell(id));
  assert.deepEqual([ids(rooms.list), ids(rooms.lists.archived)], [[id], []]);
  assert.equal(rooms.unread, 2);
});

test("what is muted stays put away when something is said", async () => {
  const { id } = await having({ isArchived: true, isMuted: true });
  tell("new-message", bell(id));
  assert.deepEqual(ids(rooms.lists.archived), [id]);
});

test("when a mute ends the room counts, and the server is asked whether it comes back", async () => {
  const mutedUntil = new Date(Date.now() + 300).toISOString();
  const { server, id } = await having({ isArchived: true, isMuted: true, mutedUntil });
  assert.deepEqual(ids(rooms.lists.archived), [id]);
  server.room = room(id);
  // A timer of the page would not hold up the end of the tests.
  while (rooms.list.length === 0) await pause(20);
  assert.equal(rooms.unread, 1);
  assert.equal(server.count(GET(id)), 1);
});

test("what I do elsewhere is so here, however late an older answer comes", async () => {
  const { server, id } = await having({});
  server.room = room(id, { isArchived: true });
  tell("room-updated", { roomId: id, me: { isArchived: true } });
  assert.deepEqual(ids(rooms.list), []);
  await server.settled();
  assert.deepEqual(ids(rooms.lists.archived), [id]);
  // The answer to what the first one asked comes after the second one.
  tell("room-updated", { roomId: id, me: { isArchived: true } });
  server.room = room(id);
  tell("room-updated", { roomId: id, me: { isArchived: false } });
  assert.deepEqual(ids(rooms.list), [id]);
  await server.settled();
  assert.deepEqual(ids(rooms.list), [id]);
});

test("a message that comes while it is put away brings it back all the same", async () => {
  const { server, id } = await having({});
  const archived = room(id, { isArchived: true });
  server.answers[PATCH(id)] = () => {
    server.room = { ...room(id, { version: 2 }), lastSeq: 4 };
    tell("new-message", bell(id));
    return archived;
  };
  await rooms.change(id, { isArchived: true });
  await server.settled();
  assert.deepEqual(ids(rooms.list), [id]);
});

test("what is refused changes nothing", async () => {
  const { server, id } = await having({});
  delete server.answers[PATCH(id)];
  await assert.rejects(rooms.change(id, { isArchived: true }));
  assert.deepEqual(ids(rooms.list), [id]);
});

test("after an absence the archive is asked for only where something is missed", async () => {
  const { server, id } = await having({});
  server.asked = [];
  await rooms.catchUp();
  assert.equal(server.count("GET /api/messages"), 1);
  server.room = room(id, { isArchived: true });
  await rooms.catchUp();
  assert.equal(server.count("GET /api/messages"), 3);
  assert.deepEqual(ids(rooms.lists.archived), [id]);
});
