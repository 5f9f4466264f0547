// Is a number that is missing asked for, once, and ever more seldom in vain?

import assert from "node:assert/strict";
import test from "node:test";

import { Holes } from "../../src/kabar/ui/store/holes.js";

/** Lets time pass, and what follows from it happen. */
async function pass(context, milliseconds) {
  context.mock.timers.tick(milliseconds);
  await new Promise((resume) => setImmediate(resume));
}

test("what overtakes something else a little is no hole", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const seen = { asked: 0, isThere: true };
  const holes = new Holes(() => seen.isThere, async () => (seen.asked += 1) > 0);
  holes.look();
  await pass(context, 500);
  seen.isThere = false;
  holes.look();
  await pass(context, 5_000);
  assert.equal(seen.asked, 0);
});

test("one question is enough, however much is said after the hole", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const seen = { asked: 0, isThere: true };
  const holes = new Holes(
    () => seen.isThere,
    async () => {
      seen.asked += 1;
      seen.isThere = false;
      return true;
    },
  );
  for (let said = 0; said < 8; said++) {
    holes.look();
    await pass(context, 200);
  }
  assert.equal(seen.asked, 1);
});

test("where asking brings nothing, it is asked ever more seldom", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const seen = { asked: 0 };
  const holes = new Holes(
    () => true,
    async () => {
      seen.asked += 1;
      return false;
    },
  );
  holes.look();
  for (let second = 0; second < 600; second++) await pass(context, 1_000);
  assert.equal(seen.asked, 14);
});
