// Bundles the web UI into src/kabar/ui/built: `make ui`. The server serves it as long as it was made
// of the very sources that are there; docs/decisions/0030-a-bundle-of-these-sources.md says why.

import { createHash } from "node:crypto";
import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
/** The package to bundle: that of this repository, or a copy of it. */
const kabar = process.argv[2] ?? join(root, "src/kabar");
const ui = join(kabar, "ui");
const built = join(ui, "built");

const ENTRIES = { app: "pages/app.js", console: "pages/console.js", kabar: "kabar.js" };
const DOCUMENTS = { app: join(ui, "index.html"), console: join(ui, "console.html") };

rmSync(built, { recursive: true, force: true });
const { outputs } = (
  await build({
    absWorkingDir: ui,
    entryPoints: Object.fromEntries(Object.entries(ENTRIES).map(([name, file]) => [name, `./${file}`])),
    outdir: "built",
    entryNames: "[name]-[hash]",
    chunkNames: "part-[hash]",
    bundle: true,
    splitting: true,
    minify: true,
    format: "esm",
    target: "es2022",
    metafile: true,
    logLevel: "warning",
  })
).metafile;
const style = keepStyle("styles/page.css");
const documents = { "kabar.js": `export * from "./${outputOf("kabar")}";\n` };
for (const [name, path] of Object.entries(DOCUMENTS)) documents[basename(path)] = documentOf(name, path);
writeFileSync(join(built, "bundle.json"), JSON.stringify({ sources: digest(), documents }, null, 2));
console.log(`${Object.keys(outputs).length} files in ${built}`);

/** @param {string} name of an entry @returns {string} */
function outputOf(name) {
  return Object.keys(outputs).find((file) => outputs[file].entryPoint === ENTRIES[name]);
}

/** A document that names all that it needs: the browser asks for it in one step. */
function documentOf(name, path) {
  const entry = outputOf(name);
  const parts = outputs[entry].imports.map((each) => each.path);
  const preloads = [...new Set(parts)].map((file) => `<link rel="modulepreload" href="/ui/${file}" />`);
  const script = `<script type="module" src="/ui/${entry}"></script>`;
  return readFileSync(path, "utf8")
    .replace(/ *<link rel="modulepreload"[^>]*>\n/g, "")
    .replace("/ui/styles/page.css", `/ui/${style}`)
    .replace(/<script type="module"[^>]*><\/script>/, [...preloads, script].join("\n    "));
}

/** @param {string} name */
function keepStyle(name) {
  const hash = createHash("sha256").update(readFileSync(join(ui, name))).digest("hex").slice(0, 8);
  const kept = `built/${basename(name, ".css")}-${hash.toUpperCase()}.css`;
  copyFileSync(join(ui, name), join(ui, kept));
  return kept;
}

/** What the server compares with the sources that it has: infra/http/pages.py makes the same. */
function digest() {
  const names = readdirSync(ui, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile())
    .map((each) => join(each.parentPath, each.name).slice(ui.length + 1))
    .filter((name) => /\.(js|css|html|svg)$/.test(name) && !name.startsWith("built/"))
    .sort();
  const all = createHash("sha256");
  for (const name of names) all.update(`${name}\0`).update(readFileSync(join(ui, name))).update("\0");
  return all.digest("hex");
}
