// Which of two drafts stands in the place to write?

import assert from "node:assert/strict";
import test from "node:test";

import { EMPTY, isSame, taken } from "../../src/kabar/ui/common/drafts.js";

const draft = (content, replyToId = null) => ({ content, replyToId });

test("a draft from another device stands where nothing else was written since both had the same", () => {
  const there = draft("Hello, you");
  assert.equal(taken(EMPTY, EMPTY, there), there);
  assert.equal(taken(draft("Hello"), draft("Hello"), there), there);
  assert.equal(taken(draft("Hello"), draft("Hello"), EMPTY), EMPTY);
});

test("what is written here, and not on the server yet, stays", () => {
  const here = draft("Mine");
  assert.equal(taken(here, EMPTY, draft("Other")), here);
  assert.equal(taken(here, draft("Min"), EMPTY), here);
  assert.equal(taken(EMPTY, draft("Taken back"), draft("Taken back")), EMPTY);
});

test("drafts are the same in what they say and what they answer; nothing said answers nothing", () => {
  assert.equal(isSame(draft("a "), draft("a")), true);
  assert.equal(isSame(draft("a"), { content: "a" }), true);
  assert.equal(isSame(draft("a", "1"), draft("a", "2")), false);
  assert.equal(isSame(draft(" ", "1"), EMPTY), true);
});
