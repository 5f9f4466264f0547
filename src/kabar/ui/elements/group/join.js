// In the place of a room one is not in: asking to come in, which says nothing of whether it exists.

import { groupWords as words } from "../../common/group-words.js";
import { words as shared } from "../../common/words.js";
import { groups } from "../../store/groups.js";
import { controls } from "../../styles/controls.js";
import { tokens } from "../../styles/tokens.js";
import { css, html, LitElement } from "../../vendor/lit.js";
import { Acts } from "../acts.js";
import { icon } from "../icon.js";

class JoinRoom extends LitElement {
  static properties = { roomId: {}, hasAsked: { state: true } };
  static styles = [
    tokens,
    controls,
    css`
      :host {
        grid-row: 2 / -1;
      }
    `,
  ];

  constructor() {
    super();
    this.roomId = "";
    this.hasAsked = false;
    this.acts = new Acts(this);
  }

  render() {
    return html`<div class="blank" role="alert">
      ${icon("message-circle")}
      <p>${this.hasAsked ? words.asked : shared.roomGone}</p>
      ${this.acts.notice}
      ${this.hasAsked
        ? html`<button class="button" ?disabled=${this.acts.isBusy} @click=${this.#withdraw}>
            ${words.withdraw}
          </button>`
        : html`<button class="button" ?disabled=${this.acts.isBusy} @click=${this.#join}>
            ${words.askToJoin}
          </button>`}
    </div>`;
  }

  #withdraw() {
    return this.acts.do(async () => {
      await groups.withdraw(this.roomId);
      this.hasAsked = false;
    });
  }

  #join() {
    return this.acts.do(async () => {
      this.hasAsked = (await groups.join(this.roomId)).requested;
    });
  }
}

customElements.define("kabar-join-room", JoinRoom);
