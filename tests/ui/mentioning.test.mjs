// Which name is being written, and what stands there once it is chosen?

import assert from "node:assert/strict";
import test from "node:test";

import { isCalled, mayMentionAll, nameAt, withName } from "../../src/kabar/ui/common/mentioning.js";

/** The query of the name at the bar. @param {string} text */
const asked = (text) => nameAt(text.replace("|", ""), text.indexOf("|"))?.query ?? null;

test("a name begins with an at sign that follows no word, and ends where one writes", () => {
  assert.equal(asked("@|"), "");
  assert.equal(asked("Hello @an|"), "an");
  assert.equal(asked("(@an|n)"), "an");
  assert.equal(asked("@Žofie|"), "Žofie");
  assert.equal(asked("one\n@b.en_|"), "b.en_");
  assert.equal(asked("@ann |"), null);
  assert.equal(asked("|@ann"), null);
  assert.equal(asked("ann@exam|"), null);
  assert.equal(asked("https://example.com/@an|"), null);
  assert.equal(asked("@@an|"), null);
  assert.equal(asked(`@${"a".repeat(31)}|`), null);
});

test("what is chosen stands in place of what was begun, and one writes on behind it", () => {
  const chosen = (text) => {
    const caret = text.indexOf("|");
    const plain = text.replace("|", "");
    const { text: made, caret: at } = withName(plain, nameAt(plain, caret), "ann");
    return `${made.slice(0, at)}|${made.slice(at)}`;
  };
  assert.equal(chosen("@|"), "@ann |");
  assert.equal(chosen("Hi @a|"), "Hi @ann |");
  assert.equal(chosen("Hi @a| there"), "Hi @ann |there");
  assert.equal(chosen("Hi @a|, you"), "Hi @ann |, you");
});

test("all are mentioned in groups, and in large ones by who leads them", () => {
  const group = (participantsCount, role) => ({ type: "GROUP", participantsCount, me: { role } });
  assert.equal(mayMentionAll(group(100, "member")), true);
  assert.equal(mayMentionAll(group(101, "member")), false);
  assert.equal(mayMentionAll(group(101, "admin")), true);
  assert.equal(mayMentionAll({ ...group(2, "owner"), type: "DIRECT" }), false);
  assert.equal(mayMentionAll(null), false);
});

test("somebody is called by the beginning of their username, or of any word of their name", () => {
  const ann = { username: "ann_1", name: "Dr Ann Zöe" };
  for (const query of ["", "an", "ANN_", "dr", "zö"]) assert.equal(isCalled(ann, query), true, query);
  assert.equal(isCalled(ann, "nn"), false);
});
