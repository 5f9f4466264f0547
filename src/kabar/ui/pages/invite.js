// The page of an invite: which group it leads into, and the way in.

import { groupWords as words } from "../common/group-words.js";
import { words as shared } from "../common/words.js";
import { Acts, failed } from "../elements/acts.js";
import { avatar } from "../elements/avatar.js";
import { icon } from "../elements/icon.js";
import { skeletons, skeletonStyles } from "../elements/skeletons.js";
import { groups } from "../store/groups.js";
import { avatarStyles } from "../styles/avatar.js";
import { controls } from "../styles/controls.js";
import { tokens } from "../styles/tokens.js";
import { css, html, LitElement } from "../vendor/lit.js";
import { router } from "./router.js";

/** What the server says of an invite that leads nowhere, in words for who was invited. */
const GONE = { 404: words.inviteGone, 410: words.inviteSpent };

class InvitePage extends LitElement {
  static properties = { code: {}, room: { state: true } };
  static styles = [
    tokens,
    controls,
    avatarStyles,
    skeletonStyles,
    css`
      :host {
        display: grid;
        overflow-y: auto;
      }

      h1 {
        max-width: 100%;
        margin: 0;
        outline: none;
        color: var(--text);
        font-size: 28px;
        font-weight: 700;
        overflow-wrap: anywhere;
      }
    `,
  ];

  constructor() {
    super();
    this.code = "";
    /** @type {Awaited<ReturnType<typeof groups.invited>> | null} */
    this.room = null;
    this.loading = new Acts(this);
    this.joining = new Acts(this);
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has("code")) this.#load();
  }

  render() {
    const problem = this.joining.problem ?? this.loading.problem;
    const gone = problem && GONE[/** @type {404 | 410} */ (problem.status)];
    if (gone) return html`<div class="blank" role="alert">${icon("circle-alert")}<p>${gone}</p></div>`;
    const { room } = this;
    if (!room) {
      return this.loading.problem
        ? failed(this.loading.problem, () => this.#load())
        : skeletons(2);
    }
    return html`<div class="blank">
      <p>${words.invited}</p>
      ${avatar(room, "large")}
      <h1 dir="auto" tabindex="-1">${room.name}</h1>
      <p>${shared.participants(room.participantsCount)}</p>
      ${this.joining.notice}
      <button class="button primary" ?disabled=${this.joining.isBusy} @click=${this.#join}>
        ${words.join}
      </button>
    </div>`;
  }

  focus() {
    /** @type {HTMLElement | null} */ (this.renderRoot.querySelector("h1, .button"))?.focus();
  }

  #load() {
    const { code } = this;
    this.room = null;
    return this.loading.do(async () => {
      const room = await groups.invited(code);
      if (code === this.code) this.room = room;
    });
  }

  #join() {
    return this.joining.do(async () => {
      const { id } = await groups.accept(this.code);
      router.go(router.path("chat", id), { replace: true });
    });
  }
}

customElements.define("kabar-invite", InvitePage);
