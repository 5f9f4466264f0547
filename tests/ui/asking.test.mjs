// Is what has to be known asked for until it is known, once at a time, and no longer than wanted?

import assert from "node:assert/strict";
import test from "node:test";

import { Problem } from "../../src/kabar/ui/common/api.js";
import { Asking } from "../../src/kabar/ui/store/asking.js";

const problem = (status, retryAfter = 0) =>
  new Problem({ status, code: "", detail: "", retryAfter });

/** What asks: `answers` are errors, or functions to call; after them all goes well. */
function asked(...answers) {
  const seen = { calls: 0 };
  seen.asking = new Asking(async () => {
    seen.calls += 1;
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    if (answer) await answer();
  });
  return seen;
}

/** Lets time pass, and what follows from it happen. */
async function pass(context, milliseconds) {
  context.mock.timers.tick(milliseconds);
  await new Promise((resume) => setImmediate(resume));
}

test("what fails is asked for again, ever more seldom", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const seen = asked(problem(0), problem(503), problem(0));
  await seen.asking.ask();
  await pass(context, 2_999);
  assert.equal(seen.calls, 1);
  await pass(context, 1);
  assert.equal(seen.calls, 2);
  await pass(context, 5_999);
  assert.equal(seen.calls, 2);
  await pass(context, 1);
  await pass(context, 12_000);
  assert.equal(seen.calls, 4);
  await pass(context, 600_000);
  assert.equal(seen.calls, 4);
});

test("a server that says how long is not asked before", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const seen = asked(problem(429, 90));
  await seen.asking.ask();
  await pass(context, 89_999);
  assert.equal(seen.calls, 1);
  await pass(context, 1);
  assert.equal(seen.calls, 2);
});

test("who asks anew does not wait for what failed before", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const seen = asked(problem(0), problem(0), problem(0), problem(0));
  await seen.asking.ask();
  await pass(context, 3_000);
  await pass(context, 6_000);
  assert.equal(seen.calls, 3);
  await seen.asking.ask();
  assert.equal(seen.calls, 4);
  await pass(context, 3_000);
  assert.equal(seen.calls, 5);
});

test("what will not pass is not asked for again", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const seen = asked(problem(404));
  await seen.asking.ask();
  await pass(context, 600_000);
  assert.equal(seen.calls, 1);
});

test("nobody is asked for what nobody wants to know any more", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const seen = asked(problem(0));
  await seen.asking.ask();
  seen.asking.stop();
  await pass(context, 600_000);
  assert.equal(seen.calls, 1);

  let fail;
  const slow = asked(() => new Promise((_, reject) => (fail = reject)));
  const running = slow.asking.ask();
  slow.asking.stop();
  fail(problem(0));
  await running;
  await pass(context, 600_000);
  assert.equal(slow.calls, 1);
});

test("while it is asked, any number of times more are one", async () => {
  let answer;
  const seen = asked(() => new Promise((resume) => (answer = resume)));
  const first = seen.asking.ask();
  seen.asking.ask();
  seen.asking.ask();
  assert.equal(seen.calls, 1);
  answer();
  await first;
  assert.equal(seen.calls, 2);
});

test("a mistake is told, and does not end the asking", async () => {
  const seen = asked(new TypeError("a mistake"));
  await assert.rejects(seen.asking.ask(), TypeError);
  await seen.asking.ask();
  assert.equal(seen.calls, 2);
});
