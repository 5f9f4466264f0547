// The head of an open room: who it is with, and how one has it for oneself.

import { base } from "../common/api.js";
import { groupWords } from "../common/group-words.js";
import { words } from "../common/words.js";
import { html, nothing } from "../vendor/lit.js";
import { avatar } from "./avatar.js";
import { icon } from "./icon.js";
import { lifetimeMenu, lifetimeNote } from "./lifetime.js";
import { mineNotes, roomMenu } from "./room-menu.js";
import { faceOf, titleOf } from "./room-title.js";

/** @typedef {import("../common/types").Room} Room */

/** @param {Room} room @param {import("./acts.js").Acts} acts @param {() => unknown} openPanel of a group */
export const roomHeader = (room, acts, openPanel) =>
  html`${avatar(faceOf(room), "small")}${heading(room)}${notes(room)}${room.type === "GROUP"
    ? details(openPanel)
    : nothing}${lifetimeMenu(room, acts)}${roomMenu(room, acts)}`;

/** @param {Room} room */
function heading(room) {
  const { otherUser } = room;
  return html`<div class="who">
    <h1 dir="auto">${titleOf(room)}</h1>
    ${otherUser && !room.isSaved
      ? html`<a class="quiet" href=${new URL(`people/${otherUser.username}`, base).href}>
          @${otherUser.username}</a
        >`
      : html`<span class="quiet">
          ${room.isSaved ? words.onlyYou : words.participants(room.participantsCount)}
        </span>`}
  </div>`;
}

/** What is set of it, for all or for oneself. @param {Room} room */
function notes(room) {
  const set = [lifetimeNote(room), ...mineNotes(room)].filter(Boolean);
  return set.length ? html`<span class="quiet set">${set.join(" · ")}</span>` : nothing;
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
