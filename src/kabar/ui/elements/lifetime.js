// How long messages of a room live: what is set, and setting it.

import { lifetimeWords as words } from "../common/lifetime-words.js";
import { groups } from "../store/groups.js";
import { html, nothing } from "../vendor/lit.js";
import "./menu.js";

/** @typedef {import("../common/types").Room} Room */

/** Of two people each may set it; in a group those who run it. @param {Room} room */
const maySet = ({ type, me }) => (type === "DIRECT" ? !me.isBlocking : me.role !== "member");

/** What is set, in the head of the room. @param {Room} room */
export const lifetimeNote = ({ messageTtlSeconds }) =>
  messageTtlSeconds ? words.disappearAfter(messageTtlSeconds) : "";

/** @param {Room} room @param {import("./acts.js").Acts} acts */
export function lifetimeMenu(room, acts) {
  if (!maySet(room)) return nothing;
  const choices = words.lifetimes.map(([seconds, label]) => ({
    label: seconds === (room.messageTtlSeconds ?? 0) ? words.chosen(label) : label,
    act: () => acts.do(() => groups.change(room.id, { messageTtlSeconds: seconds })),
  }));
  return html`<kabar-menu
    plain
    class="icon-button"
    icon="timer"
    label=${words.disappearing}
    .choices=${choices}
  ></kabar-menu>`;
}
