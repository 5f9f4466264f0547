// Is what one reads on the page, and never all of a long conversation?

import assert from "node:assert/strict";
import test from "node:test";

import { Stretch } from "../../src/kabar/ui/elements/stretch.js";

const many = (count, first = 1) => Array.from({ length: count }, (_, at) => ({ seq: first + at }));
const ends = (shown) => [shown[0].seq, shown.at(-1).seq];

test("the end of a long conversation is drawn, with what is said then", () => {
  const stretch = new Stretch();
  stretch.showEnd(many(1000));
  assert.deepEqual(ends(stretch.of(many(1000))), [761, 1000]);
  assert.deepEqual(ends(stretch.of(many(1003))), [761, 1003]);
  stretch.fit(many(1100), false);
  assert.deepEqual(ends(stretch.of(many(1100))), [861, 1100]);
});

test("one scrolls up and down through all of it, and it is never much", () => {
  const all = many(1000);
  const stretch = new Stretch();
  stretch.showEnd(all);
  while (stretch.up(all)) assert.ok(stretch.of(all).length <= 320);
  assert.equal(stretch.of(all)[0].seq, 1);
  assert.equal(stretch.endsWith(all), false);
  while (stretch.down(all)) assert.ok(stretch.of(all).length <= 320);
  assert.equal(stretch.of(all).at(-1).seq, 1000);
  assert.equal(stretch.beginsWith(all), false);
});

test("older ones that were loaded are drawn, and then the far end is not", () => {
  const stretch = new Stretch();
  assert.deepEqual(ends(stretch.of(many(50, 951))), [951, 1000]);
  assert.deepEqual(ends(stretch.of(many(350, 651))), [651, 1000]);
  stretch.fit(many(350, 651), true);
  assert.deepEqual(ends(stretch.of(many(350, 651))), [651, 890]);
});

test("a message is drawn with those on both sides of it", () => {
  const stretch = new Stretch();
  stretch.showAround(many(1000), 500);
  assert.deepEqual(ends(stretch.of(many(1000))), [380, 619]);
  stretch.showAround(many(1000), 3);
  assert.equal(stretch.of(many(1000))[0].seq, 1);
  stretch.showAround(many(1000), 2000);
  assert.equal(stretch.endsWith(many(1000)), true);
});

test("few messages, or none, are drawn all", () => {
  const stretch = new Stretch();
  for (const count of [0, 1, 240]) {
    stretch.showEnd(many(count));
    assert.equal(stretch.of(many(count)).length, count);
    assert.equal(stretch.beginsWith(many(count)), true);
    assert.equal(stretch.endsWith(many(count)), true);
    assert.equal(stretch.up(many(count)), false);
    assert.equal(stretch.down(many(count)), false);
  }
});
