// The password of my account, and what else signs in to it.

import { words } from "../../common/words.js";
import { Form } from "../../elements/form.js";
import { session } from "../../store/session.js";
import { accountStyles } from "../../styles/account.js";
import { controls } from "../../styles/controls.js";
import { formStyles } from "../../styles/forms.js";
import { tokens } from "../../styles/tokens.js";
import { html, LitElement } from "../../vendor/lit.js";

class AccountPassword extends LitElement {
  static properties = {
    profile: { attribute: false },
  };
  static styles = [tokens, controls, formStyles, accountStyles];

  constructor() {
    super();
    /** @type {import("../../common/types").OwnProfile | null} */
    this.profile = null;
    this.form = new Form(this);
  }

  render() {
    if (!this.profile) return null;
    return html`<section>
      <h2>${words.password}</h2>
      ${this.profile.hasPassword
        ? this.#form(this.profile.username)
        : html`<p class="quiet">${words.signsInElsewhere}</p>`}
    </section>`;
  }

  /** With the name in it, so that password managers know whose it is. @param {string} username */
  #form(username) {
    const { form } = this;
    return html`<form @submit=${this.#save} novalidate>
      <input type="hidden" name="username" autocomplete="username" .value=${username} />
      ${form.field({
        name: "currentPassword",
        label: words.currentPassword,
        type: "password",
        autocomplete: "current-password",
      })}
      ${form.field({
        name: "password",
        label: words.newPassword,
        type: "password",
        autocomplete: "new-password",
        hint: words.newPasswordHint,
        most: 256,
      })}
      ${form.choice({ name: "keepTokens", label: words.keepTokens, hint: words.keepTokensHint })}
      ${form.notice}
      <div class="send">
        <button class="button primary" ?disabled=${form.isBusy}>${words.changePassword}</button>
        ${form.done(words.passwordChanged)}
      </div>
    </form>`;
  }

  /** @param {SubmitEvent} event */
  #save(event) {
    const form = /** @type {HTMLFormElement} */ (event.currentTarget);
    return this.form.send(event, async (read, values) => {
      await session.edit({
        currentPassword: read("currentPassword"),
        password: read("password"),
        keepTokens: values.has("keepTokens"),
      });
      form.reset();
      this.dispatchEvent(new Event("password-changed"));
    });
  }
}

customElements.define("kabar-account-password", AccountPassword);
