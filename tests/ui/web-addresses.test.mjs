// Is a web address in a message all of it, and nothing behind it?

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { addressesIn } from "../../src/kabar/ui/elements/web-addresses.js";

// The server looks for the same ones: tests/features/chat/link_previews/test_addresses.py.
const lists = JSON.parse(readFileSync(new URL("web-addresses.json", import.meta.url), "utf8"));

const links = (content) => addressesIn(content).map(({ address }) => address);

for (const [content, address] of lists.ending)
  test(`a link ends before what is around it: ${content}`, () => {
    assert.deepEqual(links(content), [address]);
  });

for (const address of lists.whole)
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
