// Who may import whom in the web UI; docs/decisions/0017-floors-of-the-ui.md says why.

const UI = "src/kabar/ui/";

/** What HTML names: every other file is loaded because one of these imports it. */
const ENTRIES = ["kabar.js", "pages/app.js", "pages/console.js"];

const DRAWING = ["vendor/lit.js", "vendor/icons.js", "vendor/emoji.js"];

/** The floors from the top down, each with all that it may import. */
const FLOORS = {
  // Pages of other sites load it: our router, which takes over links, must not come with it.
  "kabar.js": ["elements/", "live/", "common/"],
  "pages/": ["pages/", "elements/", "styles/", "store/", "live/", "common/", "vendor/lit.js"],
  "pages/console.js": ["console/", "elements/", "styles/", "common/", "vendor/lit.js"],
  "console/": ["console/", "elements/", "styles/", "common/", "vendor/lit.js"],
  "elements/": ["elements/", "styles/", "store/", "live/", "common/", ...DRAWING],
  "styles/": ["styles/", "vendor/lit.js"],
  "store/": ["store/", "live/", "common/"],
  "live/": ["live/", "common/", "vendor/pusher.js"],
  "common/": ["common/"],
};

/** The files of a floor: not those that have a line of their own, like `pages/console.js`.
 * @param {string} floor */
const filesOf = (floor) => ({
  path: pattern([floor]),
  pathNot: pattern(Object.keys(FLOORS).filter((it) => it !== floor && it.startsWith(floor))),
});

/** @param {string[]} names of files, and of folders with a slash at their end */
function pattern(names) {
  return names.map((name) => `^${UI}${name.replace(".", "\\.")}${name.endsWith("/") ? "" : "$"}`);
}

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  forbidden: [
    ...Object.entries(FLOORS).map(([floor, below]) => ({
      name: `floor ${floor}`,
      comment: `${floor} may import ${below.join(", ")}, and nothing else.`,
      severity: "error",
      from: filesOf(floor),
      to: { pathNot: pattern(below) },
    })),
    {
      name: "circle",
      comment: "Each of these needs the others: move what they share to a file below them.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "console alone",
      comment:
        "The operator's console has no user and no socket; what it imports must not bring them.",
      severity: "error",
      from: { path: pattern(["pages/console.js"]) },
      to: { path: pattern(["store/", "live/"]), reachable: true },
    },
    {
      name: "not on a floor",
      comment: "Move the file into the folder of a floor, or give its folder a line in FLOORS.",
      severity: "error",
      from: { pathNot: pattern([...Object.keys(FLOORS), "vendor/"]) },
      to: {},
    },
    {
      name: "loaded by nobody",
      comment: "No page comes to this file: import it, or remove it.",
      severity: "error",
      from: { path: pattern(ENTRIES) },
      to: { path: `^${UI}`, pathNot: pattern([...ENTRIES, "vendor/"]), reachable: false },
    },
  ],
  options: {
    doNotFollow: { path: pattern(["vendor/"]) },
  },
};
