// My personal access tokens: making one, which is shown once, and revoking those that there are.

import { inFull } from "../../common/times.js";
import { words } from "../../common/words.js";
import { Acts } from "../../elements/acts.js";
import "../../elements/confirm.js";
import { Form } from "../../elements/form.js";
import { listTokens, makeToken, revokeToken } from "../../store/access-tokens.js";
import { accountStyles } from "../../styles/account.js";
import { controls } from "../../styles/controls.js";
import { formStyles } from "../../styles/forms.js";
import { tokens } from "../../styles/tokens.js";
import { css, html, LitElement, nothing, repeat } from "../../vendor/lit.js";

/** @typedef {import("../../common/types").AccessToken} AccessToken */

export class AccountTokens extends LitElement {
  static properties = {
    list: { state: true },
    cursor: { state: true },
    made: { state: true },
  };
  static styles = [
    tokens,
    controls,
    formStyles,
    accountStyles,
    css`
      ul {
        margin: 0 0 16px;
        padding: 0;
        list-style: none;
      }

      li {
        display: flex;
        align-items: center;
        gap: 12px;
        padding: 8px 0;
        border-bottom: 1px solid var(--line);
      }

      li > span {
        flex: 1;
        min-width: 0;
        overflow-wrap: anywhere;
      }

      li .quiet {
        display: block;
      }

      .made {
        display: grid;
        gap: 4px;
        margin-bottom: 16px;
        padding: 12px;
        border-radius: var(--round-control);
        background: var(--accent-wash);
      }

      .hint {
        margin-bottom: 16px;
      }
    `,
  ];

  constructor() {
    super();
    /** @type {AccessToken[]} */
    this.list = [];
    /** @type {string | null} */
    this.cursor = null;
    /** The secret part of the one that was just made. */
    this.made = "";
    this.form = new Form(this);
    this.acts = new Acts(this);
  }

  connectedCallback() {
    super.connectedCallback();
    this.load();
  }

  render() {
    const { form } = this;
    return html`<section>
      <h2>${words.accessTokens}</h2>
      <p class="quiet hint">${words.accessTokensHint}</p>
      ${this.acts.notice} ${this.list.length ? this.#tokens() : nothing} ${this.#shown()}
      <form @submit=${this.#make} novalidate>
        ${form.field({ name: "name", label: words.tokenName, hint: words.tokenNameHint, most: 100 })}
        ${form.notice}
        <div class="send">
          <button class="button" ?disabled=${form.isBusy}>${words.makeToken}</button>
        </div>
      </form>
      <kabar-confirm
        heading=${words.revokeTitle}
        body=${words.revokeBody}
        action=${words.revoke}
      ></kabar-confirm>
    </section>`;
  }

  /** Anew from the first: what was made last comes first. */
  load() {
    return this.acts.do(async () => this.#take(await listTokens(null), []));
  }

  #tokens() {
    return html`<ul>
        ${repeat(this.list, ({ id }) => id, this.#token)}
      </ul>
      ${this.cursor
        ? html`<button class="button" @click=${this.#more}>${words.more}</button>`
        : nothing}`;
  }

  /** @param {AccessToken} token */
  #token = (token) => html`<li>
    <span>
      <bdi>${token.name}</bdi>
      <span class="quiet">${words.tokenMade(inFull(token.createdAt))}</span>
    </span>
    <button
      class="button"
      aria-description=${token.name}
      ?disabled=${this.acts.isBusy}
      @click=${() => this.#revoke(token)}
    >
      ${words.revoke}
    </button>
  </li>`;

  #shown() {
    return html`<div role="status">
      ${this.made
        ? html`<div class="made">
            <label for="made">${words.newToken}</label>
            <input
              id="made"
              readonly
              spellcheck="false"
              .value=${this.made}
              @focus=${(/** @type {FocusEvent} */ event) =>
                /** @type {HTMLInputElement} */ (event.currentTarget).select()}
            />
            <span class="quiet">${words.newTokenHint}</span>
          </div>`
        : nothing}
    </div>`;
  }

  /** @param {SubmitEvent} event */
  async #make(event) {
    const form = /** @type {HTMLFormElement} */ (event.currentTarget);
    this.made = "";
    await this.form.send(event, async (read) => {
      this.made = (await makeToken(read("name"))).token;
      form.reset();
    });
    if (!this.made) return;
    await this.load();
    this.renderRoot.querySelector("input")?.focus();
  }

  /** @param {AccessToken} token */
  async #revoke(token) {
    const confirm = this.renderRoot.querySelector("kabar-confirm");
    if (!(await confirm?.ask())) return;
    await this.acts.do(async () => {
      await revokeToken(token.id);
      this.list = this.list.filter(({ id }) => id !== token.id);
    });
  }

  #more = () => this.acts.do(async () => this.#take(await listTokens(this.cursor), this.list));

  /** @param {Awaited<ReturnType<typeof listTokens>>} page @param {AccessToken[]} before */
  #take(page, before) {
    this.list = [...before, ...page.tokens];
    this.cursor = page.nextCursor;
  }
}

customElements.define("kabar-account-tokens", AccountTokens);
