// Does every script of the page keep the rules that no checker of types knows?

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import test from "node:test";

const root = fileURLToPath(new URL("../../src/kabar/ui/", import.meta.url));
const sources = readdirSync(root, { recursive: true })
  .filter((name) => name.endsWith(".js") && !name.startsWith("vendor/"))
  .map((name) => ({ name, text: readFileSync(root + name, "utf8") }));

test("no failure is swallowed: what nobody misses says `unmissed`, and only a store may", () => {
  const swallows = /\.catch\(\s*\(\)\s*=>\s*(\{\s*\}|undefined|null|void 0)\s*\)/;
  assert.ok(sources.length > 60);
  assert.deepEqual(sources.filter(({ text }) => swallows.test(text)).map(({ name }) => name), []);
  const careless = sources.filter(
    ({ name, text }) => /\bunmissed\(/.test(text) && !/^(store|common)\//.test(name),
  );
  assert.deepEqual(careless.map(({ name }) => name), []);
});
