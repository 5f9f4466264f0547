// The head of an open room: who it is with, and whether it is pinned or muted.

import { base } from "../common/api.js";
import { groupWords } from "../common/group-words.js";
import { words } from "../common/words.js";
import { rooms } from "../store/rooms.js";
import { html, nothing } from "../vendor/lit.js";
import { avatar } from "./avatar.js";
import { icon } from "./icon.js";
import { lifetimeMenu, lifetimeNote } from "./lifetime.js";
import { faceOf, titleOf } from "./room-title.js";

/** @typedef {import("../common/types").Room} Room */

/** @param {Room} room @param {import("./acts.js").Acts} acts @param {() => unknown} openPanel of a group */
export const roomHeader = (room, acts, openPanel) =>
  html`${avatar(faceOf(room), "small")}${heading(room)}${room.type === "GROUP"
    ? details(openPanel)
    : nothing}${lifetimeMenu(room, acts)}${toggles(room, acts)}`;

/** @param {Room} room */
function heading(room) {
  const { otherUser } = room;
  return html`<div class="who">
    <h1 dir="auto">${titleOf(room)}</h1>
    ${otherUser && !room.isSaved
      ? html`<a class="quiet" href=${new URL(`people/${otherUser.username}`, base).href}>
          @${otherUser.username}</a
        ><span class="quiet">${lifetimeNote(room)}</span>`
      : html`<span class="quiet">
          ${room.isSaved ? words.onlyYou : words.participants(room.participantsCount)}${lifetimeNote(room)}
        </span>`}
  </div>`;
}

/** @param {() => unknown} openPanel */
const details = (openPanel) =>
  html`<button
    class="icon-button"
    aria-haspopup="dialog"
    aria-label=${groupWords.details}
    title=${groupWords.details}
    @click=${openPanel}
  >
    ${icon("users")}
  </button>`;

/** @param {Room} room @param {import("./acts.js").Acts} acts */
function toggles({ id, me }, acts) {
  const pin = () => acts.do(() => rooms.change(id, { isPinned: !me.isPinned }));
  const mute = () => acts.do(() => rooms.change(id, { isMuted: !me.isMuted }));
  return html`${toggle("pin", words.pin, me.isPinned, pin)}
  ${toggle("volume-x", words.mute, me.isMuted, mute)}`;
}

/** @param {Parameters<typeof icon>[0]} name @param {string} label @param {boolean} on @param {() => unknown} act */
const toggle = (name, label, on, act) =>
  html`<button
    class="icon-button"
    aria-label=${label}
    aria-pressed=${on}
    title=${label}
    @click=${act}
  >
    ${icon(name)}
  </button>`;
