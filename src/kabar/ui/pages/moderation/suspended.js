// Who is suspended, until when and why; and letting them in again.

import { moderationWords as words } from "../../common/moderation-words.js";
import { Follows } from "../../common/store.js";
import { briefly } from "../../common/times.js";
import { today } from "../../common/today.js";
import { Acts } from "../../elements/acts.js";
import { avatar } from "../../elements/avatar.js";
import { Loaded } from "../../elements/group/loaded.js";
import { skeletonStyles } from "../../elements/skeletons.js";
import { moderation } from "../../store/moderation.js";
import { session } from "../../store/session.js";
import { avatarStyles } from "../../styles/avatar.js";
import { controls } from "../../styles/controls.js";
import { moderationStyles } from "../../styles/moderation.js";
import { tokens } from "../../styles/tokens.js";
import { html, LitElement, repeat } from "../../vendor/lit.js";
import { router } from "../router.js";
import { moreOf, PAGE } from "./more.js";

class Suspended extends LitElement {
  static styles = [tokens, controls, avatarStyles, skeletonStyles, moderationStyles];

  constructor() {
    super();
    new Follows(this, today);
    this.most = PAGE;
    this.acts = new Acts(this);
    this.all = new Loaded(
      this,
      () => moderation.suspended(this.most),
      () => [[`private-user-${session.user?.id}`, ["moderation-changed"]]],
    );
  }

  render() {
    return html`<section aria-label=${words.suspended}>
      <h2>${words.suspended}</h2>
      ${this.acts.notice}
      ${this.all.draw(({ rows, isMore }) =>
        rows.length === 0
          ? html`<p class="quiet">${words.nobodySuspended}</p>`
          : html`<ul>
                ${repeat(rows, ({ user }) => user.id, this.#person)}
              </ul>
              ${moreOf(this, isMore)}`,
      )}
    </section>`;
  }

  #person = (/** @type {import("../../common/types").Suspension} */ { user, until, reason }) => html`<li>
    ${avatar(user)}
    <span class="who">
      <a href=${router.path("people", user.username)} dir="auto">${user.name}</a>
      <span class="quiet">${until ? words.until(briefly(until)) : words.withoutEnd}</span>
      ${reason ? html`<span dir="auto">${reason}</span>` : null}
    </span>
    <button
      class="button"
      aria-description=${user.name}
      ?disabled=${this.acts.isBusy}
      @click=${() => this.#lift(user.id)}
    >
      ${words.lift}
    </button>
  </li>`;

  /** @param {string} userId */
  async #lift(userId) {
    await this.acts.do(() => moderation.lift(userId));
    // Also when it failed: somebody else may have been quicker.
    this.all.again();
  }
}

customElements.define("kabar-suspended", Suspended);
