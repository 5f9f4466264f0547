// The panel of a group: what it is, who is in it, and what one may do there.

import { groupWords as words } from "../../common/group-words.js";
import { moderationWords } from "../../common/moderation-words.js";
import { Follows } from "../../common/store.js";
import { words as shared } from "../../common/words.js";
import { groups } from "../../store/groups.js";
import { rooms } from "../../store/rooms.js";
import { avatarStyles } from "../../styles/avatar.js";
import { controls } from "../../styles/controls.js";
import { groupStyles } from "../../styles/groups.js";
import { tokens } from "../../styles/tokens.js";
import { html, LitElement, nothing } from "../../vendor/lit.js";
import { Acts } from "../acts.js";
import { avatar } from "../avatar.js";
import "../confirm.js";
import { holdFocus } from "../focus.js";
import { icon } from "../icon.js";
import "../report.js";
import { faceOf, titleOf } from "../room-title.js";
import "./doors.js";
import "./people.js";
import "./settings.js";

/** Opened by `open()`; closes itself when its group is no longer mine. */
export class GroupPanel extends LitElement {
  static properties = {
    roomId: {},
    isOpen: { state: true },
    isEditing: { state: true },
  };
  static styles = [tokens, controls, avatarStyles, groupStyles];

  constructor() {
    super();
    this.roomId = "";
    this.isOpen = false;
    this.isEditing = false;
    this.acts = new Acts(this);
    new Follows(this, rooms);
  }

  get #dialog() {
    return /** @type {HTMLDialogElement} */ (this.renderRoot.querySelector("dialog"));
  }

  async open() {
    const putBack = holdFocus();
    this.isOpen = true;
    await this.updateComplete;
    this.#dialog.addEventListener("close", putBack, { once: true });
    this.#dialog.showModal();
  }

  render() {
    const room = rooms.find(this.roomId);
    return html`<dialog aria-labelledby="heading" closedby="any" @close=${this.#closed}>
      ${this.isOpen && room ? this.#content(room) : nothing}
    </dialog>`;
  }

  updated() {
    if (this.isOpen && !rooms.find(this.roomId)) this.#dialog.close();
  }

  /** @param {import("../../common/types").Room} room */
  #content(room) {
    const isStaff = room.me.role !== "member";
    return html`<div class="top">
        <h2 id="heading">${words.details}</h2>
        ${isStaff
          ? html`<button
              class="icon-button"
              aria-label=${words.editGroup}
              title=${words.editGroup}
              aria-expanded=${this.isEditing}
              @click=${() => (this.isEditing = !this.isEditing)}
            >
              ${icon("pencil")}
            </button>`
          : nothing}
        <button class="icon-button" aria-label=${shared.close} @click=${() => this.#dialog.close()}>
          ${icon("x")}
        </button>
      </div>
      <div class="scroll">
        <section class="face">
          ${avatar(faceOf(room), "large")}
          <h3 dir="auto">${titleOf(room)}</h3>
          ${room.description
            ? html`<p class="description" dir="auto">${room.description}</p>`
            : nothing}
        </section>
        ${isStaff && this.isEditing
          ? html`<kabar-group-settings .room=${room}></kabar-group-settings>`
          : nothing}
        ${isStaff ? html`<kabar-group-doors .roomId=${room.id}></kabar-group-doors>` : nothing}
        <kabar-group-people .room=${room}></kabar-group-people>
        <section>
          ${this.acts.notice}
          <div class="acts">
            <button class="button" @click=${this.#report}>
              ${moderationWords.reportThisGroup}
            </button>
            <button class="button leave" ?disabled=${this.acts.isBusy} @click=${this.#leave}>
              ${icon("log-out")}${words.leave}
            </button>
          </div>
        </section>
      </div>
      <kabar-confirm
        .heading=${words.leaveTitle}
        .body=${words.leaveBody}
        .action=${words.leave}
      ></kabar-confirm>
      <kabar-report></kabar-report>`;
  }

  #report() {
    const asking = this.renderRoot.querySelector("kabar-report");
    return asking?.ask({ roomId: this.roomId }, moderationWords.reportGroup);
  }

  async #leave() {
    if (!(await this.renderRoot.querySelector("kabar-confirm")?.ask())) return;
    await this.acts.do(() => groups.remove(this.roomId, "me"));
  }

  #closed() {
    this.isOpen = false;
    this.isEditing = false;
  }
}

customElements.define("kabar-group-panel", GroupPanel);
