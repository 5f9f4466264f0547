// After an absence: is everything right again, by one question, whatever comes while it is answered?

import assert from "node:assert/strict";
import test from "node:test";

import { held, Server } from "./browser.mjs";

const { rooms } = await import("../../src/kabar/ui/store/rooms.js");
const { Sync } = await import("../../src/kabar/ui/store/sync.js");

const SYNC = "GET /api/chat/sync";
const LIST = "GET /api/messages";
const PAGE = "GET /api/chat/messages";
const ME = "me";

const message = (roomId, seq, more = {}) => ({
  id: `${roomId}-${seq}`,
  roomId,
  seq,
  senderId: "ann",
  clientId: null,
  content: `text ${seq}`,
  type: "text",
  attachments: [],
  replyTo: null,
  isRead: false,
  readAt: null,
  isDelivered: false,
  editedAt: null,
  deletedAt: null,
  createdAt: "2026-01-01T00:00:00Z",
  reactions: [],
  version: 0,
  ...more,
});
const room = (id, more = {}) => ({
  id,
  type: "GROUP",
  name: id,
  lastSeq: 3,
  lastMessage: "text 3",
  lastMessageAt: "2026-01-01T00:00:00Z",
  createdAt: "2026-01-01T00:00:00Z",
  participantsCount: 2,
  me: { role: "member", unreadCount: 0, lastReadSeq: 3, isMuted: false, isPinned: false, version: 1 },
  ...more,
});
const event = (type, data) => ({ type, roomId: data.roomId, at: "", data });
const nothing = { events: [], next: "later", limited: false, stale: [] };

let number = 0;

/** Somebody who has looked at two rooms, and looks at the second. */
async function reader() {
  const server = new Server();
  number += 1;
  const [one, other] = [`one${number}`, `other${number}`];
  server.list = [room(one), room(other)];
  server.pages = {};
  for (const id of [one, other]) server.pages[id] = [1, 2, 3].map((seq) => message(id, seq));
  server.sync = () => nothing;
  server.answers = {
    [SYNC]: (query) => (query.since ? server.sync(query) : nothing),
    [LIST]: () => ({ conversations: server.list, nextCursor: null }),
    [PAGE]: ({ roomId, limit }) => ({
      messages: server.pages[roomId].slice(-limit),
      hasMoreBefore: false,
      hasMoreAfter: false,
    }),
    [`GET /api/chat/rooms/${one}/pins`]: () => ({ messages: [] }),
    [`GET /api/chat/rooms/${other}/pins`]: () => ({ messages: [] }),
    [`GET /api/chat/rooms/${other}`]: () => room(other),
    "GET /api/chat/unread": () => ({ total: 0 }),
  };
  rooms.userId = ME;
  await rooms.catchUp();
  await rooms.ready();
  const [closed, open] = [rooms.log(one), rooms.log(other)];
  closed.open();
  await server.settled();
  closed.close();
  open.open();
  await server.settled();
  server.asked = [];
  return { server, one, other, closed, open };
}

const words = (log) => log.messages.map(({ content }) => content);

test("what was missed is asked for once, and not by room", async () => {
  const { server, one, other, closed, open } = await reader();
  server.list = [room(one, { name: "renamed", lastSeq: 4 }), room(other)];
  server.sync = () => ({
    ...nothing,
    events: [
      event("new-message", message(one, 4)),
      event("message-edited", message(one, 1, { content: "otherwise", version: 5 })),
      event("message-deleted", { roomId: other, messageId: `${other}-2`, deletedAt: "now" }),
      event("message-deleted", { roomId: other, messageId: `${other}-1`, scope: "me" }),
      event("reaction-added", {
        roomId: other,
        messageId: `${other}-3`,
        userId: ME,
        emoji: "👍",
        reactions: [{ emoji: "👍", count: 1 }],
        version: 6,
      }),
      event("something-new", { roomId: one }),
    ],
  });
  // Each room's channel says that it is heard again.
  await Promise.all([rooms.ready(), rooms.ready(), rooms.ready()]);

  assert.deepEqual(server.asked.sort(), [LIST, SYNC].sort());
  assert.deepEqual(words(closed), ["otherwise", "text 2", "text 3", "text 4"]);
  assert.deepEqual(words(open), ["", "text 3"]);
  assert.deepEqual(open.messages.at(-1).reactions, [{ emoji: "👍", count: 1, mine: true }]);
  assert.equal(rooms.find(one).name, "renamed");
  open.close();
});

test("a room of which not all is told is read anew: now, or when somebody looks", async () => {
  const { server, one, other, closed, open } = await reader();
  server.sync = () => ({ ...nothing, limited: true, stale: [one, other] });
  for (const id of [one, other]) server.pages[id] = [2, 3, 4].map((seq) => message(id, seq));
  await rooms.ready();
  await server.settled();

  assert.equal(server.count(PAGE), 1);
  assert.deepEqual(words(open), ["text 2", "text 3", "text 4"]);
  closed.open();
  await server.settled();
  assert.equal(server.count(PAGE), 2);
  assert.deepEqual(words(closed), ["text 2", "text 3", "text 4"]);
  for (const log of [open, closed]) log.close();
});

test("what is told while sync is on its way is neither lost nor undone nor there twice", async () => {
  const { server, other, open } = await reader();
  const { until, go } = held();
  const hear = (name, data) => rooms.handlers()[name](data);
  server.sync = async () => {
    await until;
    return {
      ...nothing,
      events: [
        event("new-message", message(other, 4)),
        event("message-edited", message(other, 3, { content: "once", version: 2 })),
        event("user-left", { roomId: other, userId: ME }),
      ],
    };
  };
  const back = rooms.ready();
  await server.settled();
  hear("message-edited", message(other, 3, { content: "twice", version: 3 }));
  hear("user-joined", { roomId: other, userId: ME });
  go();
  await back;
  await server.settled();

  assert.equal(open.status, "ready");
  assert.deepEqual(words(open).slice(0, 3), ["text 1", "text 2", "twice"]);
  assert.ok(rooms.find(other));
  open.close();
});

test("a page that nobody sees asks when somebody looks", async () => {
  const { server, open } = await reader();
  document.visibilityState = "hidden";
  const back = rooms.ready();
  await server.settled();
  assert.deepEqual(server.asked, []);

  document.visibilityState = "visible";
  document.dispatchEvent(new Event("visibilitychange"));
  await back;
  assert.equal(server.count(SYNC), 1);
  open.close();
});

test("messages of a few rooms are held, and of others let go", async () => {
  const { server, one, open } = await reader();
  server.answers[PAGE] = ({ roomId }) => ({ messages: [message(roomId, 1)] });
  for (let other = 0; other < 12; other++) {
    const log = rooms.log(`passing ${number} ${other}`);
    log.open();
    await server.settled();
    log.close();
  }
  assert.equal(rooms.log(one).messages.length, 0);
  assert.equal(rooms.log(open.roomId), open);
  open.close();
});

test("after a long day a short absence is asked for from a later moment", async (context) => {
  const server = new Server();
  const since = [];
  let moment = 0;
  server.answers[SYNC] = (query) => {
    since.push(query.since ?? null);
    moment += 1;
    return { ...nothing, next: `moment ${moment}` };
  };
  const sync = new Sync(() => {}, () => {});
  await sync.ask();
  const hear = async (times) => {
    for (let time = 0; time < times; time++) sync.heard();
    await server.settled();
  };
  context.mock.timers.enable({ apis: ["Date"] });
  await hear(100);
  assert.deepEqual(since, [null, null]);

  // What was said before it may still be on its way over a dead connection: cut off now, it is not used.
  await sync.ask();
  assert.deepEqual(since, [null, null, "moment 1"]);

  await hear(100);
  context.mock.timers.tick(31_000);
  await hear(1);
  await sync.ask();
  assert.deepEqual(since.slice(3), [null, "moment 4"]);
});

test("a server that no longer knows the moment is asked for another", async () => {
  const server = new Server();
  const doubted = [];
  const sync = new Sync(() => {}, (ids) => doubted.push(ids));
  server.answers[SYNC] = () => nothing;
  await sync.ask();
  const { fetch } = globalThis;
  globalThis.fetch = async () => Response.json({ code: "bad_request" }, { status: 400 });
  await assert.rejects(sync.ask());
  globalThis.fetch = fetch;
  await sync.ask();
  assert.deepEqual(doubted, [null, null]);
});
