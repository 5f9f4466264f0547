// How one has a room for oneself: on top, muted, what to be told of, put away; and what is set.

import { roomWords as words } from "../common/room-words.js";
import { soon, timeOfDay } from "../common/times.js";
import { isMutedNow } from "../store/room-mutes.js";
import { rooms } from "../store/rooms.js";
import { html } from "../vendor/lit.js";
import "./menu.js";

/**
 * @typedef {import("../common/types").Room} Room
 * @typedef {import("./menu.js").Choice} Choice
 */

const HOUR_MILLISECONDS = 3_600_000;
const MORNING_HOUR = 8;

/** What is set, in the head of the room. @param {Room} room */
export const mineNotes = ({ me }) => [
  isMutedNow(me) ? mutedText(me) : "",
  me.isArchived ? words.archived : "",
];

/** Of a room that is muted now. @param {Room["me"]} me */
export const mutedText = ({ mutedUntil }) =>
  mutedUntil ? words.mutedUntil(soon(mutedUntil)) : words.muted;

/** @param {Room} room @param {import("./acts.js").Acts} acts */
export function roomMenu(room, acts) {
  const change = (/** @type {import("../store/rooms.js").Choices} */ choices) => () =>
    acts.do(() => rooms.change(room.id, choices));
  return html`<kabar-menu
    plain
    class="icon-button"
    label=${words.settings}
    .choices=${[...mutings(room, change), ...tellings(room, change), ...placings(room, change)]}
  ></kabar-menu>`;
}

/** @typedef {(choices: import("../store/rooms.js").Choices) => () => unknown} Change */

/** @param {Room} room @param {Change} change @returns {Choice[]} */
function mutings({ me }, change) {
  if (isMutedNow(me)) return [{ label: words.unmute, act: change({ isMuted: false }) }];
  // Counted from when it is chosen, not from when it was drawn.
  const until = (/** @type {() => Date} */ when) => () =>
    change({ mutedUntil: when().toISOString() })();
  const inHours = (/** @type {number} */ hours) => () =>
    new Date(Date.now() + hours * HOUR_MILLISECONDS);
  return [
    { label: words.muteHour, act: until(inHours(1)) },
    { label: words.muteHours, act: until(inHours(8)) },
    { label: words.muteTomorrow(timeOfDay(tomorrow().toISOString())), act: until(tomorrow) },
    { label: words.mute, act: change({ isMuted: true }) },
  ];
}

/** @param {Room} room @param {Change} change @returns {Choice[]} */
const tellings = ({ me }, change) =>
  words.notify.map(([notify, label], at) => ({
    label: notify === (me.notify ?? "all") ? words.chosen(label) : label,
    act: change({ notify }),
    begins: at === 0,
  }));

/** @param {Room} room @param {Change} change @returns {Choice[]} */
const placings = ({ me }, change) => [
  {
    label: me.isPinned ? words.unpin : words.pin,
    act: change({ isPinned: !me.isPinned }),
    begins: true,
  },
  {
    label: me.isArchived ? words.bringBack : words.archive,
    act: change({ isArchived: !me.isArchived }),
  },
];

function tomorrow() {
  const morning = new Date();
  morning.setDate(morning.getDate() + 1);
  morning.setHours(MORNING_HOUR, 0, 0, 0);
  return morning;
}
