// What moderators did, for admins.

import { moderationWords as words } from "../../common/moderation-words.js";
import { Follows } from "../../common/store.js";
import { briefly, inFull } from "../../common/times.js";
import { today } from "../../common/today.js";
import { Loaded } from "../../elements/group/loaded.js";
import { skeletonStyles } from "../../elements/skeletons.js";
import { moderation } from "../../store/moderation.js";
import { session } from "../../store/session.js";
import { controls } from "../../styles/controls.js";
import { moderationStyles } from "../../styles/moderation.js";
import { tokens } from "../../styles/tokens.js";
import { html, LitElement, repeat } from "../../vendor/lit.js";
import { moreOf, PAGE } from "./more.js";

class ModerationActs extends LitElement {
  static styles = [tokens, controls, skeletonStyles, moderationStyles];

  constructor() {
    super();
    new Follows(this, today);
    this.most = PAGE;
    this.all = new Loaded(
      this,
      () => moderation.acts(this.most),
      () => [[`private-user-${session.user?.id}`, ["moderation-changed"]]],
    );
  }

  render() {
    return html`<section aria-label=${words.acts}>
      <h2>${words.acts}</h2>
      ${this.all.draw(({ rows, isMore }) =>
        rows.length === 0
          ? html`<p class="quiet">${words.noActs}</p>`
          : html`<ul>
                ${repeat(rows, ({ id }) => id, line)}
              </ul>
              ${moreOf(this, isMore)}`,
      )}
    </section>`;
  }
}

/** @param {import("../../common/types").ModerationAct} act */
const line = (act) => html`<li>
  <span class="who">
    <span>${words.deed(act)}</span>
    ${act.until ? html`<span class="quiet">${words.until(briefly(act.until))}</span>` : null}
    ${act.note ? html`<span class="quiet" dir="auto">${act.note}</span>` : null}
  </span>
  <time class="quiet" datetime=${act.createdAt} title=${inFull(act.createdAt)}>
    ${briefly(act.createdAt)}
  </time>
</li>`;

customElements.define("kabar-moderation-acts", ModerationActs);
