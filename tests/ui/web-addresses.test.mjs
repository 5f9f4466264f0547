// Is a web address in a message all of it, and nothing behind it?

import assert from "node:assert/strict";
import test from "node:test";

import { addressesIn } from "../../src/kabar/ui/elements/web-addresses.js";

const links = (content) => addressesIn(content).map(({ address }) => address);

for (const [content, address] of [
  ["https://example.com/c，然后", "https://example.com/c"],
  ["看https://example.com/a。谢谢大家", "https://example.com/a"],
  ["（https://example.com/b）", "https://example.com/b"],
  ["「https://example.com/b」と", "https://example.com/b"],
  ["“https://example.com/b”和", "https://example.com/b"],
  ["https://example.com/d…", "https://example.com/d"],
  ["« https://example.com/f»", "https://example.com/f"],
  ["'https://example.com/g'", "https://example.com/g"],
  ["‘https://example.com/g’.", "https://example.com/g"],
  ["is it https://example.com/h?", "https://example.com/h"],
  ["هل هو https://example.com/h؟", "https://example.com/h"],
  ["**https://example.com/i**", "https://example.com/i"],
  ["(see https://example.org/a_(b)).", "https://example.org/a_(b)"],
  ["(https://example.com/b)", "https://example.com/b"],
])
  test(`a link ends before what is around it: ${content}`, () => {
    assert.deepEqual(links(content), [address]);
  });

for (const address of [
  "https://en.wikipedia.org/wiki/Alzheimer's_disease",
  "https://en.wikipedia.org/wiki/Rust_(programming_language)",
  "https://example.com/a_(b)_(c)",
  "https://example.com/a/",
  "https://example.com/#",
  "https://example.com/?a=b&",
  "https://example.com/?a=",
  "https://example.com/a%",
  "https://example.com/a-",
  "https://example.com/a_",
  "https://example.com/~",
  "https://ja.wikipedia.org/wiki/佐々木",
  "https://de.wikipedia.org/wiki/Österreich",
])
  test(`a link is all of its address: ${address}`, () => {
    assert.deepEqual(links(`see ${address}, then go`), [address]);
    assert.deepEqual(links(address), [address]);
  });

test("where the links are is told, so that nothing between them is lost", () => {
  const content = "a http://b.c, HTTP://d.e。f";
  assert.deepEqual(addressesIn(content), [
    { address: "http://b.c", index: 2 },
    { address: "HTTP://d.e", index: 14 },
  ]);
  assert.deepEqual(links("no://link, http, https://"), []);
});

test("a long run of brackets is looked at once", () => {
  assert.deepEqual(links(`https://a.b/${"()".repeat(50_000)})))`), [`https://a.b/${"()".repeat(50_000)}`]);
});
