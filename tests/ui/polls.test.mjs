// Does a poll stand as it does, whichever news of it comes first?

import assert from "node:assert/strict";
import test from "node:test";

import { mineOf, withChoice, withMyVotes } from "../../src/kabar/ui/store/polls.js";
import { Timeline } from "../../src/kabar/ui/store/timeline.js";

const poll = (counts, mine = null) => ({
  question: "Tea?",
  options: counts.map((count, at) => ({
    id: `${at + 1}`,
    text: `${at}`,
    count,
    ...(mine ? { mine: mine.includes(`${at + 1}`) } : {}),
  })),
  votersCount: counts.reduce((sum, count) => sum + count, 0),
  multiple: false,
  closesAt: null,
  closed: false,
});
const countsOf = ({ options }) => options.map(({ count }) => count);
const message = (version, asked) => ({ id: "m1", seq: 1, version, poll: asked, reactions: [] });

test("what I choose is counted at once, in place of what I chose before", () => {
  const chosen = withChoice(poll([2, 1], ["1"]), ["2"]);
  assert.deepEqual([countsOf(chosen), mineOf(chosen), chosen.votersCount], [[1, 2], ["2"], 3]);
  const back = withChoice(chosen, []);
  assert.deepEqual([countsOf(back), mineOf(back), back.votersCount], [[1, 1], [], 2]);
});

test("news for all keep what is mine, and news for me say it", () => {
  assert.deepEqual(mineOf(withMyVotes(poll([1, 1]), poll([1, 0], ["1"]))), ["1"]);
  assert.deepEqual(mineOf(withMyVotes(poll([1, 1], ["2"]), poll([1, 0], ["1"]))), ["2"]);
  assert.equal(withMyVotes(undefined, undefined), undefined);
});

test("of my vote elsewhere two roads tell, in any order", () => {
  for (const order of [
    [poll([1, 0]), poll([1, 0], ["1"])],
    [poll([1, 0], ["1"]), poll([1, 0])],
  ]) {
    const timeline = new Timeline();
    timeline.mergePage([message(1, poll([0, 0], []))]);
    for (const news of order) timeline.stand({ messageId: "m1", poll: news, version: 2 });
    assert.deepEqual(mineOf(timeline.messages[0].poll), ["1"]);
  }
});

test("what is older than what is known changes nothing", () => {
  const timeline = new Timeline();
  timeline.mergePage([message(3, poll([2, 0], ["1"]))]);
  timeline.stand({ messageId: "m1", poll: poll([1, 0]), version: 2 });
  assert.deepEqual(countsOf(timeline.messages[0].poll), [2, 0]);
});
