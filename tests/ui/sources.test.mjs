// Does every script of the page keep the rules that no checker of types knows?

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import test from "node:test";

import { parse } from "acorn";

const root = fileURLToPath(new URL("../../src/kabar/ui/", import.meta.url));
const scripts = readdirSync(root, { recursive: true })
  .filter((name) => name.endsWith(".js"))
  .map((name) => ({ name, text: readFileSync(root + name, "utf8") }));
const sources = scripts.filter(({ name }) => !name.startsWith("vendor/"));
const vendored = scripts.filter(({ name }) => name.startsWith("vendor/"));

test("no failure is swallowed: what nobody misses says `unmissed`, and only a store may", () => {
  const swallows = /\.catch\(\s*\(\)\s*=>\s*(\{\s*\}|undefined|null|void 0)\s*\)/;
  assert.ok(sources.length > 60);
  assert.deepEqual(sources.filter(({ text }) => swallows.test(text)).map(({ name }) => name), []);
  const careless = sources.filter(
    ({ name, text }) => /\bunmissed\(/.test(text) && !/^(store|common)\//.test(name),
  );
  assert.deepEqual(careless.map(({ name }) => name), []);
});

test("every script is in the language of the browsers that are served", () => {
  // docs/reference/browsers.md; the type checker holds the library, with `lib` in tsconfig.json.
  for (const { name, text } of [...sources, ...vendored]) {
    const look = () => parse(text, { ecmaVersion: 2022, sourceType: "module" });
    assert.doesNotThrow(look, name);
  }
});

test("what writes a moment relative to today is drawn anew when that changes", () => {
  const relative = sources.filter(
    ({ name, text }) =>
      !name.startsWith("common/") && /\b(dayTitle|briefly)\b/.test(text) && !text.includes("today"),
  );
  // The list of messages draws these days, and follows `today`.
  assert.deepEqual(relative.map(({ name }) => name), ["elements/message-days.js"]);
});

test("what reads a key leaves those that an input method took to it", () => {
  const careless = sources.filter(
    ({ text }) => /event\.key === "(Enter|ArrowDown)"/.test(text) && !text.includes("isForInputMethod"),
  );
  assert.deepEqual(careless.map(({ name }) => name), []);
});
