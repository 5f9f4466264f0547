// Are marks what they mean, and all that is none left as it was written?

import assert from "node:assert/strict";
import test from "node:test";

import { blocksOf, inlineOf, plainOf } from "../../src/kabar/ui/elements/markup.js";

const shape = (part) => {
  if (typeof part === "string") return part;
  if (part.text !== undefined) return { [part.kind]: part.text };
  return { [part.kind]: part.parts.map(shape) };
};
const inline = (text) => {
  const parts = inlineOf(text).map(shape);
  // Texts that follow each other are one.
  return parts.reduce((all, part) => {
    if (typeof part === "string" && typeof all.at(-1) === "string") all[all.length - 1] += part;
    else all.push(part);
    return all;
  }, []);
};
const textOf = (part) =>
  typeof part === "string" ? part : (part.text ?? part.parts.map(textOf).join(""));

for (const [text, parts] of [
  ["plain", ["plain"]],
  ["a **b** c", ["a ", { bold: ["b"] }, " c"]],
  ["*a* and _b_", [{ italic: ["a"] }, " and ", { italic: ["b"] }]],
  ["~~gone~~", [{ strike: ["gone"] }]],
  ["**a *b* c**", [{ bold: ["a ", { italic: ["b"] }, " c"] }]],
  ["これは**太字**です", ["これは", { bold: ["太字"] }, "です"]],
  ["`a * b * c`", [{ code: "a * b * c" }]],
  ["run `rm *` and *go*", ["run ", { code: "rm *" }, " and ", { italic: ["go"] }]],
  ["**https://example.com/a_b_c**", [{ bold: [{ link: "https://example.com/a_b_c" }] }]],
  ["`https://example.com`", [{ code: "https://example.com" }]],
])
  test(`marks mean something: ${text}`, () => assert.deepEqual(inline(text), parts));

for (const text of [
  "2*3*4", "snake_case_name", "* a *", "a ** b", "**", "****", "*", "_", "``", "~~~~", "`", "** a **",
  "**never closed", "closed never**", "__init__"[0] + "a", "[text](javascript:alert(1))", "<b>no</b>",
  "<img src=x onerror=alert(1)>", "javascript:alert(1)", "1 < 2 && 3 > 2", "\u202e*", "a\\*b",
])
  test(`what is no mark stays as it was written: ${text}`, () => assert.deepEqual(inline(text), [text]));

test("only web addresses are links", () => {
  for (const text of ["[x](javascript:alert(1))", "data:text/html,x", "JaVaScRiPt:x", "vbscript:x"]) {
    assert.ok(inlineOf(text).every((part) => part.kind !== "link"), text);
  }
});

test("blocks are told apart by lines", () => {
  const blocks = blocksOf("hello\n\n> quoted\n> *more*\n- one\n- two\n3. three\n```js\na\n  *b*\n```\nbye");
  assert.deepEqual(blocks.map(({ kind }) => kind), ["text", "quote", "list", "code", "text"]);
  assert.deepEqual(blocks[2].items.map(({ number }) => number), [null, null, 3]);
  assert.equal(blocks[3].text, "a\n  *b*");
  assert.deepEqual(blocks[1].blocks[0].parts.map(shape), ["quoted\n", { italic: ["more"] }]);
});

test("a fence without an end is text, and so is what comes after it", () => {
  const [{ kind, parts }] = blocksOf("```\nnever\n*closed*");
  assert.equal(kind, "text");
  assert.equal(parts.map(textOf).join(""), "```\nnever\nclosed");
});

test("lines and the indentation of the first stay", () => {
  assert.deepEqual(blocksOf("  a\n\n  b"), [{ kind: "text", parts: ["  a\n\n  b"] }]);
});

const deep = (block) => (block.blocks ? 1 + Math.max(0, ...block.blocks.map(deep)) : 0);
const nested = (part) => (part.parts ? 1 + Math.max(0, ...part.parts.map(nested)) : 0);

for (const piece of ["*", "**", "_", "~~", "`", "> ", "*a ", "**a _b ~~c ", "_a_", "```\n", "- ", "1. ", "\n> > > > ", "https://a*"])
  test(`10,000 characters of ${JSON.stringify(piece)} cost no more than others and nest little`, () => {
    const content = piece.repeat(Math.ceil(10_000 / piece.length));
    const started = process.cpuUsage();
    const blocks = blocksOf(content);
    const { user } = process.cpuUsage(started);
    assert.ok(user < 2_000_000, `${user} µs`);
    assert.ok(Math.max(0, ...blocks.map(deep)) <= 3);
    const parts = blocks.flatMap((block) => block.parts ?? []);
    assert.ok(Math.max(0, ...parts.map(nested)) <= 4);
  });

test("lists show what is left without the marks", () => {
  assert.equal(plainOf("**a** `b`\n> c\n- d\n1. *e*\n```\nf\n```"), "a b c d e f");
  assert.equal(plainOf("snake_case **never closed"), "snake_case **never closed");
});
