// What an open room draws because it is a group.

import { groupWords as words } from "../../common/group-words.js";
import { html, nothing } from "../../vendor/lit.js";
import "./join.js";
import "./panel.js";

/** @typedef {import("../../common/types").Room | null} MaybeRoom */

/** Whether I may write there. @param {MaybeRoom} room */
export const mayWrite = (room) => !room?.isAnnouncement || room.me.role !== "member";

/** In the place of the composer. */
export const silence = html`<p class="silent">${words.onlyAdminsWrite}</p>`;

/** @param {MaybeRoom} room */
export const panelOf = (room) =>
  room?.type === "GROUP"
    ? html`<kabar-group-panel .roomId=${room.id}></kabar-group-panel>`
    : nothing;
