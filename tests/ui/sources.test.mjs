// Does every script of the page keep the rules that no checker of types knows?

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { fileURLToPath } from "node:url";
import test from "node:test";

import { parse } from "acorn";

import cruiser from "../../.dependency-cruiser.mjs";

const root = fileURLToPath(new URL("../../src/kabar/ui/", import.meta.url));
const scripts = readdirSync(root, { recursive: true })
  .filter((name) => name.endsWith(".js"))
  .map((name) => ({ name, text: readFileSync(root + name, "utf8") }));
const sources = scripts.filter(({ name }) => !name.startsWith("vendor/"));
/** And where only types are. */
const typed = [
  ...sources,
  ...readdirSync(root, { recursive: true })
    .filter((name) => name.endsWith(".d.ts") && !name.startsWith("vendor/"))
    .map((name) => ({ name, text: readFileSync(root + name, "utf8") })),
];
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

test("no element takes itself out of the way of the Tab key: all that is in it would go too", () => {
  const hidden = sources.filter(({ text }) => /this\.tabIndex = -|setAttribute\("tabindex", "-/.test(text));
  assert.deepEqual(hidden.map(({ name }) => name), []);
});

test("what reads a key leaves those that an input method took to it", () => {
  const careless = sources.filter(
    ({ text }) => /event\.key === "(Enter|ArrowDown)"/.test(text) && !text.includes("isForInputMethod"),
  );
  assert.deepEqual(careless.map(({ name }) => name), []);
});

test("types that a comment names come from below, like everything that is imported", () => {
  // dependency-cruiser reads comments with TypeScript's own parser, and with none that is as new as ours.
  const floors = cruiser.forbidden.filter(({ name }) => name.startsWith("floor "));
  const isOf = (file, { path, pathNot = [] }) =>
    (!path || path.some((it) => RegExp(it).test(file))) &&
    !pathNot.some((it) => RegExp(it).test(file));
  const broken = typed.flatMap(({ name, text }) => {
    const from = posix.join("src/kabar/ui", name);
    const named = [...text.matchAll(/\b(?:import\(|from )"(\.[^"]+)"/g)].map(([, path]) => path);
    return named
      .map((path) => posix.join(posix.dirname(from), path))
      .filter((to) => floors.some((floor) => isOf(from, floor.from) && isOf(to, floor.to)))
      .map((to) => `${from} names ${to}`);
  });
  assert.ok(typed.some(({ text }) => text.includes('import("../common/types")')));
  assert.deepEqual(broken, []);
});
