// Having my account deleted: what happens then, and the password that shows that it is me.

import { accountWords } from "../../common/account-words.js";
import { words } from "../../common/words.js";
import { holdFocus } from "../../elements/focus.js";
import { Form } from "../../elements/form.js";
import { live } from "../../live/live.js";
import { session } from "../../store/session.js";
import { accountStyles } from "../../styles/account.js";
import { controls } from "../../styles/controls.js";
import { dialogStyles } from "../../styles/dialogs.js";
import { formStyles } from "../../styles/forms.js";
import { tokens } from "../../styles/tokens.js";
import { css, html, LitElement, nothing } from "../../vendor/lit.js";

class AccountLeaving extends LitElement {
  static properties = {
    profile: { attribute: false },
  };
  static styles = [
    tokens,
    controls,
    formStyles,
    accountStyles,
    dialogStyles,
    css`
      section > .button {
        margin-top: 16px;
      }

      ul {
        margin: 0 0 16px;
        padding-inline-start: 20px;
      }

      li + li {
        margin-top: 4px;
      }
    `,
  ];

  constructor() {
    super();
    /** @type {import("../../common/types").OwnProfile | null} */
    this.profile = null;
    this.form = new Form(this);
  }

  render() {
    return html`<section>
      <h2>${accountWords.deleteAccount}</h2>
      <p class="quiet">${accountWords.deleteHint}</p>
      <button class="button destroys" aria-haspopup="dialog" @click=${this.#ask}>
        ${accountWords.deleteAccount}
      </button>
      <dialog aria-labelledby="heading" closedby="any">${this.#question()}</dialog>
    </section>`;
  }

  #question() {
    const { form, profile } = this;
    const said = live.erasedMessages === "remove" ? "messagesGo" : "messagesStay";
    return html`<form @submit=${this.#erase} novalidate>
      <h2 id="heading">${accountWords.deleteTitle}</h2>
      <ul class="quiet">
        <li>${accountWords.deleteEnds}</li>
        <li>${accountWords.deleteTakes}</li>
        <li>${accountWords.deleteGroups}</li>
        <li>${accountWords[said]}</li>
      </ul>
      ${profile?.hasPassword
        ? html`<input
              type="hidden"
              name="username"
              autocomplete="username"
              .value=${profile.username}
            />
            ${form.field({
              name: "password",
              label: words.password,
              type: "password",
              autocomplete: "current-password",
              most: 256,
            })}`
        : nothing}
      ${form.notice}
      <div class="choices">
        <button type="button" class="button" @click=${this.#close}>${words.cancel}</button>
        <button class="button destroys" ?disabled=${form.isBusy}>${accountWords.deleteAccount}</button>
      </div>
    </form>`;
  }

  get #dialog() {
    return /** @type {HTMLDialogElement} */ (this.renderRoot.querySelector("dialog"));
  }

  #ask = () => {
    const putBack = holdFocus();
    this.form.forget();
    this.#dialog.querySelector("form")?.reset();
    this.#dialog.addEventListener("close", putBack, { once: true });
    this.#dialog.showModal();
  };

  #close = () => this.#dialog.close();

  /** @param {SubmitEvent} event */
  #erase(event) {
    return this.form.send(event, (read) => session.erase(read("password")));
  }
}

customElements.define("kabar-account-leaving", AccountLeaving);
