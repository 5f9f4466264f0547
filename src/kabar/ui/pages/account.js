// My own place in the navigation: my profile, and signing out.

import { Follows } from "../common/store.js";
import { words } from "../common/words.js";
import { Acts } from "../elements/acts.js";
import { avatar } from "../elements/avatar.js";
import { icon } from "../elements/icon.js";
import { session } from "../store/session.js";
import { avatarStyles } from "../styles/avatar.js";
import { bells } from "../styles/bells.js";
import { controls } from "../styles/controls.js";
import { dialogStyles } from "../styles/dialogs.js";
import { tokens } from "../styles/tokens.js";
import { css, html, LitElement, nothing } from "../vendor/lit.js";

class Account extends LitElement {
  static styles = [
    tokens,
    controls,
    avatarStyles,
    bells,
    dialogStyles,
    css`
      .bell {
        width: 100%;
      }

      .bell .avatar {
        --size: 26px;
      }

      .me {
        display: flex;
        align-items: center;
        gap: 12px;
        margin-bottom: 16px;
        overflow-wrap: anywhere;
      }

      .me h2 {
        margin: 0;
      }

      form {
        display: grid;
        gap: 14px;
      }

      label {
        display: grid;
        gap: 4px;
        font-size: 14px;
        font-weight: 550;
      }

      :is(input, textarea) {
        font-size: 15px;
        font-weight: 400;
      }

      .choice {
        grid-template-columns: auto 1fr;
        align-items: center;
        gap: 0 8px;
      }

      .choice input {
        width: 18px;
        height: 18px;
        min-height: 0;
        margin: 0;
      }

      .choice .quiet {
        grid-column: 2;
        font-size: 13px;
        font-weight: 400;
      }

      .choices {
        margin-top: 4px;
      }

      .choices .button:first-child {
        margin-inline-end: auto;
      }
    `,
  ];

  constructor() {
    super();
    this.acts = new Acts(this);
    new Follows(this, session);
  }

  render() {
    const { user } = session;
    if (!user) return nothing;
    return html`<button class="bell" aria-haspopup="dialog" @click=${this.#show}>
        ${avatar(user, "small")}<span class="label">${words.accountLabel}</span>
      </button>
      <dialog aria-label=${words.account} closedby="any">
        <div class="me">
          ${avatar(user)}
          <div>
            <h2 dir="auto">${user.name}</h2>
            <span class="quiet">
              @${user.username} · ${words.followers(user.followersCount)} ·
              ${words.followingCount(user.followingCount)}
            </span>
          </div>
        </div>
        <form @submit=${this.#save}>
          <label>
            ${words.name}
            <input name="name" .defaultValue=${user.name} required maxlength="100" autocomplete="name" />
          </label>
          <label>
            ${words.bio}
            <textarea name="bio" rows="3" maxlength="500" .defaultValue=${user.bio ?? ""}></textarea>
          </label>
          <label class="choice">
            <input
              type="checkbox"
              name="isPrivate"
              .defaultChecked=${user.isPrivate}
              aria-describedby="private-hint"
            />
            ${words.privateAccount}
            <span id="private-hint" class="quiet">${words.privateAccountHint}</span>
          </label>
          ${this.acts.notice}
          <div class="choices">
            <button type="button" class="button" @click=${this.#signOut}>
              ${icon("log-out")}${words.signOut}
            </button>
            <button type="button" class="button" @click=${this.#hide}>${words.cancel}</button>
            <button class="button primary">${words.save}</button>
          </div>
        </form>
      </dialog>`;
  }

  get #dialog() {
    return /** @type {HTMLDialogElement} */ (this.renderRoot.querySelector("dialog"));
  }

  #show() {
    this.acts.forget();
    this.renderRoot.querySelector("form")?.reset();
    this.#dialog.showModal();
  }

  #hide() {
    this.#dialog.close();
  }

  /** @param {SubmitEvent} event */
  async #save(event) {
    event.preventDefault();
    const values = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget));
    const read = (/** @type {string} */ name) => String(values.get(name) ?? "").trim();
    await this.acts.do(async () => {
      const isPrivate = values.has("isPrivate");
      await session.edit({ name: read("name"), bio: read("bio"), isPrivate });
      this.#hide();
    });
  }

  async #signOut() {
    await this.acts.do(() => session.signOut());
  }
}

customElements.define("kabar-account", Account);
