// The doors of a group: who asks to come in, links that lead in, and who may not come in.

import { base } from "../../common/api.js";
import { groupWords as words } from "../../common/group-words.js";
import { Follows } from "../../common/store.js";
import { briefly } from "../../common/times.js";
import { today } from "../../common/today.js";
import { words as shared } from "../../common/words.js";
import { groups } from "../../store/groups.js";
import { session } from "../../store/session.js";
import { avatarStyles } from "../../styles/avatar.js";
import { controls } from "../../styles/controls.js";
import { groupStyles } from "../../styles/groups.js";
import { tokens } from "../../styles/tokens.js";
import { html, LitElement, nothing, repeat } from "../../vendor/lit.js";
import { Acts } from "../acts.js";
import { avatar } from "../avatar.js";
import { skeletonStyles } from "../skeletons.js";
import { Loaded } from "./loaded.js";

/**
 * @typedef {import("../../common/types").Invite} Invite
 * @typedef {import("../../common/types").Person} Person
 */

const HOUR_MILLISECONDS = 3_600_000;

/** For the owner and admins. */
class GroupDoors extends LitElement {
  static properties = { roomId: {}, copied: { state: true } };
  static styles = [tokens, controls, avatarStyles, skeletonStyles, groupStyles];

  constructor() {
    super();
    this.roomId = "";
    /** The invite whose link was copied last. */
    this.copied = "";
    this.acts = new Acts(this);
    new Follows(this, today);
    this.all = new Loaded(
      this,
      () => this.#load(),
      () => [
        [`private-user-${session.user?.id}`, ["join-requested", "join-request-ended"]],
        [`private-room-${this.roomId}`, ["user-joined", "user-left"]],
      ],
    );
  }

  render() {
    return html`${this.acts.notice}${this.all.draw(
      ({ requests, invites, bans }) => html`${requests.length ? this.#requests(requests) : nothing}
        ${this.#invites(invites)}${bans.length ? this.#bans(bans) : nothing}`,
    )}`;
  }

  /** @param {{user: Person}[]} requests */
  #requests(requests) {
    const answer = (/** @type {string} */ id, /** @type {"accept" | "reject"} */ how) => () =>
      this.#do(() => groups.answer(this.roomId, id, how));
    return html`<section aria-label=${words.requests}>
      <h3>${words.requests} <span class="quiet">${requests.length}</span></h3>
      <ul>
        ${repeat(
          requests,
          ({ user }) => user.id,
          ({ user }) => html`<li>
            ${who(user)}
            <button class="button primary" aria-description=${user.name}
              ?disabled=${this.acts.isBusy} @click=${answer(user.id, "accept")}>
              ${shared.accept}
            </button>
            <button class="button" aria-description=${user.name}
              ?disabled=${this.acts.isBusy} @click=${answer(user.id, "reject")}>
              ${shared.reject}
            </button>
          </li>`,
        )}
      </ul>
    </section>`;
  }

  /** @param {Invite[]} invites */
  #invites(invites) {
    return html`<section aria-label=${words.invites}>
      <h3>${words.invites}</h3>
      <ul>
        ${repeat(invites, ({ id }) => id, this.#invite)}
      </ul>
      <form @submit=${this.#make}>
        <div class="row">
          <label class="grows">${words.expires}
            <select name="hours">
              ${words.expiries.map(([hours, label]) => html`<option value=${hours}>${label}</option>`)}
            </select>
          </label>
          <label class="grows">${words.maxUses}
            <input name="uses" type="number" min="1" max="100000" inputmode="numeric"
              placeholder=${words.anyNumber} />
          </label>
        </div>
        <button class="button" ?disabled=${this.acts.isBusy}>${words.newInvite}</button>
      </form>
    </section>`;
  }

  /** @param {Invite} invite */
  #invite = (invite) => {
    const link = new URL(invite.url.replace(/^\//, ""), base).href;
    // Browsers give the clipboard to secure pages only; the link can be selected everywhere.
    const copy = async () => {
      await navigator.clipboard.writeText(link);
      this.copied = invite.id;
    };
    return html`<li>
      <span class="link">${link}</span>
      <span class="who quiet">
        ${words.used(invite)}${invite.expiresAt
          ? html` · ${words.until(briefly(invite.expiresAt))}`
          : nothing}
      </span>
      ${isSecureContext
        ? html`<button class="button" @click=${copy}>${words.copyLink}</button>
            <span class="quiet" role="status">${this.copied === invite.id ? words.copied : nothing}</span>`
        : nothing}
      <button class="button" ?disabled=${this.acts.isBusy}
        @click=${() => this.#do(() => groups.revoke(this.roomId, invite.id))}>
        ${words.revoke}
      </button>
    </li>`;
  };

  /** @param {import("../../common/types").Ban[]} bans */
  #bans(bans) {
    return html`<section aria-label=${words.bans}>
      <h3>${words.bans} <span class="quiet">${bans.length}</span></h3>
      <ul>
        ${repeat(
          bans,
          ({ user }) => user.id,
          ({ user }) => html`<li>
            ${who(user)}
            <button class="button" aria-description=${user.name} ?disabled=${this.acts.isBusy}
              @click=${() => this.#do(() => groups.lift(this.roomId, user.id))}>
              ${words.lift}
            </button>
          </li>`,
        )}
      </ul>
    </section>`;
  }

  /** @param {SubmitEvent} event */
  #make(event) {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.currentTarget);
    const values = new FormData(form);
    const [hours, uses] = [Number(values.get("hours")), Number(values.get("uses"))];
    return this.#do(async () => {
      await groups.invite(this.roomId, {
        ...(hours && { expiresAt: new Date(Date.now() + hours * HOUR_MILLISECONDS).toISOString() }),
        ...(uses && { maxUses: uses }),
      });
      form.reset();
    });
  }

  /** @param {() => Promise<unknown>} act */
  async #do(act) {
    await this.acts.do(act);
    // Also when it failed: somebody else may have been quicker.
    this.all.again();
  }

  async #load() {
    const [requests, invites, bans] = await Promise.all([
      groups.requests(this.roomId),
      groups.invites(this.roomId),
      groups.bans(this.roomId),
    ]);
    return { requests, invites, bans };
  }
}

/** @param {Person} user */
const who = (user) => html`${avatar(user)}
  <span class="who">
    <span dir="auto">${user.name}</span><span class="quiet">@${user.username}</span>
  </span>`;

customElements.define("kabar-group-doors", GroupDoors);
