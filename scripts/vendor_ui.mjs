// Refreshes src/kabar/ui/vendor from node_modules: `npm install && npm run vendor`.

import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const modules = join(root, "node_modules");
const vendor = join(root, "src/kabar/ui/vendor");

const LIT_PACKAGES = ["lit", "lit-html", "lit-element", "@lit/reactive-element"];
const LIT_EXPORTS = {
  "lit/index.js": "*",
  "lit-html/directives/class-map.js": "{ classMap }",
  "lit-html/directives/keyed.js": "{ keyed }",
  "lit-html/directives/live.js": "{ live }",
  "lit-html/directives/repeat.js": "{ repeat }",
};
const ICONS = [
  "activity", "archive", "arrow-down", "arrow-left", "arrow-up", "bell", "cable", "camera", "check", "check-check", "chevron-left", "chevron-right",
  "circle-alert", "clock", "copy", "download", "ellipsis", "file", "flag", "forward", "hash", "history", "image-off", "log-out", "message-circle", "mic", "paperclip", "pause", "pencil", "pin", "pin-off",
  "play", "reply", "search", "send-horizontal", "shield", "smile-plus", "square-pen", "timer", "trash-2", "users", "volume-x", "webhook",
  "wifi-off", "x", "zap",
];

await rm(vendor, { recursive: true, force: true });
await mkdir(join(vendor, "licences"), { recursive: true });
await vendorLit();
await vendorPusher();
await vendorIcons();
await vendorEmoji();
await writeVersions();

async function vendorLit() {
  const waiting = Object.keys(LIT_EXPORTS);
  const done = new Set();
  for (let file = waiting.pop(); file; file = waiting.pop()) {
    if (!done.has(file)) {
      done.add(file);
      waiting.push(...(await copyLitModule(file)));
    }
  }
  const lines = Object.entries(LIT_EXPORTS).map(
    ([file, names]) => `export ${names} from "./lit/${file}";`,
  );
  const types = Object.entries(LIT_EXPORTS).map(
    ([file, names]) => `export ${names} from "${file.replace("lit-html/", "lit/").replace("/index.js", "")}";`,
  );
  await writeFile(join(vendor, "lit.js"), `${lines.join("\n")}\n`);
  await writeFile(join(vendor, "lit.d.ts"), `${types.join("\n")}\n`);
}

/** Copies one module with its bare imports made relative; answers which modules it imports. */
async function copyLitModule(file) {
  const found = [];
  const source = await readFile(join(modules, file), "utf8");
  const text = source
    .replace(/\n?\/\/# sourceMappingURL=.*\n?$/, "\n")
    .replace(/((?:from|import)\s*)"([^"]+)"/g, (_, keyword, specifier) => {
      const target = resolveLit(file, specifier);
      found.push(target);
      const relative = posix.relative(posix.dirname(file), target);
      return `${keyword}"${relative.startsWith(".") ? relative : `./${relative}`}"`;
    });
  const to = join(vendor, "lit", file);
  await mkdir(dirname(to), { recursive: true });
  await writeFile(to, text);
  return found;
}

function resolveLit(importer, specifier) {
  if (specifier.startsWith(".")) return posix.join(posix.dirname(importer), specifier);
  const main = { "lit-html": "lit-html.js", "@lit/reactive-element": "reactive-element.js" };
  return specifier in main ? `${specifier}/${main[specifier]}` : specifier;
}

/** pusher-js comes as a UMD bundle: it is given the `module` that it looks for. */
async function vendorPusher() {
  const bundle = await readFile(join(modules, "pusher-js/dist/web/pusher.min.js"), "utf8");
  const text = [
    "/*! pusher-js, MIT licence, see licences/pusher-js.txt */",
    "const module = { exports: {} };",
    "const exports = module.exports;",
    bundle.replace(/\n?\/\/# sourceMappingURL=.*\n?$/, ""),
    "export default module.exports.default ?? module.exports;",
    "",
  ];
  await writeFile(join(vendor, "pusher.js"), text.join("\n"));
  await writeFile(join(vendor, "pusher.d.ts"), 'export { default } from "pusher-js";\n');
}

async function vendorIcons() {
  const lines = ['import { svg } from "./lit.js";', "", "export const outlines = {"];
  for (const name of ICONS) {
    const source = await readFile(join(modules, `lucide-static/icons/${name}.svg`), "utf8");
    const shapes = source.match(/<(path|circle|rect|line|polyline|polygon|ellipse)\b[^>]*\/>/g);
    lines.push(`  "${name}": svg\`${shapes.join("")}\`,`);
  }
  lines.push("};", "");
  await writeFile(join(vendor, "icons.js"), lines.join("\n"));
}

/** Each emoji in the order of Unicode's charts, with its name and the words it is found by. */
async function vendorEmoji() {
  const read = async (name) =>
    JSON.parse(await readFile(join(modules, `emojibase-data/en/${name}.json`), "utf8"));
  const [{ groups }, all] = [await read("messages"), await read("data")];
  const lines = ["export const emojiGroups = ["];
  for (const { key, message, order } of groups.sort((one, other) => one.order - other.order)) {
    if (key === "component") continue;
    const found = all.filter(({ group }) => group === order);
    found.sort((one, other) => one.order - other.order);
    lines.push(`  [${JSON.stringify(message)}, [`);
    for (const { emoji, label, tags = [] } of found) {
      lines.push(`    ${JSON.stringify([emoji, label, tags.join(" ")])},`);
    }
    lines.push("  ]],");
  }
  lines.push("];", "");
  await writeFile(join(vendor, "emoji.js"), lines.join("\n"));
  const types = "export const emojiGroups: [group: string, emoji: [string, name: string, words: string][]][];";
  await writeFile(join(vendor, "emoji.d.ts"), `${types}\n`);
}

async function writeVersions() {
  const rows = [];
  const sources = { "emojibase-data": "LICENSE", "lucide-static": "LICENSE", "pusher-js": "LICENCE" };
  for (const name of LIT_PACKAGES) sources[name] = "LICENSE";
  for (const [name, licence] of Object.entries(sources)) {
    const about = JSON.parse(await readFile(join(modules, name, "package.json"), "utf8"));
    const kept = `${name.replace("@", "").replace("/", "-")}.txt`;
    await cp(join(modules, name, licence), join(vendor, "licences", kept));
    rows.push(`| ${name} | ${about.version} | ${about.license} | [licences/${kept}](licences/${kept}) |`);
  }
  const text = [
    "# Vendored modules",
    "",
    "Made by `npm run vendor` from the npm packages that `package-lock.json` fixes; do not edit.",
    "`icons.js` holds the Lucide outlines that the page uses, `emoji.js` the names of emoji.",
    "",
    "| package | version | licence | text |",
    "|---|---|---|---|",
    ...rows.sort(),
    "",
  ];
  await writeFile(join(vendor, "VERSIONS.md"), text.join("\n"));
}
