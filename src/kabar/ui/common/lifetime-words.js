// Every text of messages that disappear.

const UNITS = /** @type {const} */ ([
  [604_800, "week"],
  [86_400, "day"],
  [3_600, "hour"],
  [60, "minute"],
  [1, "second"],
]);

/** In the largest unit that goes into it. @param {number} seconds */
function inUnits(seconds) {
  const [size, name] = UNITS.find(([each]) => seconds % each === 0) ?? UNITS[4];
  const count = seconds / size;
  return `${count.toLocaleString("en")} ${name}${count === 1 ? "" : "s"}`;
}

export const lifetimeWords = {
  disappearing: "Disappearing messages",
  /** So long new messages live. @type {[number, string][]} */
  lifetimes: [
    [0, "New messages stay"],
    [3_600, "Gone after 1 hour"],
    [86_400, "Gone after 1 day"],
    [604_800, "Gone after 1 week"],
    [2_592_000, "Gone after 30 days"],
  ],
  /** @param {string} label */
  chosen: (label) => `✓ ${label}`,
  /** @param {number} seconds */
  disappearAfter: (seconds) => `New messages disappear after ${inUnits(seconds)}`,
};
