// The e-mail address of my account, which one may sign in with.

import { words } from "../../common/words.js";
import { Form } from "../../elements/form.js";
import { session } from "../../store/session.js";
import { accountStyles } from "../../styles/account.js";
import { controls } from "../../styles/controls.js";
import { formStyles } from "../../styles/forms.js";
import { tokens } from "../../styles/tokens.js";
import { html, LitElement, nothing } from "../../vendor/lit.js";

class AccountEmail extends LitElement {
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
    const { profile, form } = this;
    if (!profile) return null;
    return html`<section>
      <h2>${words.email}</h2>
      <form @submit=${this.#save} novalidate>
        ${form.field({
          name: "email",
          label: words.email,
          type: "email",
          value: profile.email ?? "",
          autocomplete: "email",
          hint: words.emailHint,
          most: 254,
        })}
        ${profile.hasPassword
          ? form.field({
              name: "currentPassword",
              label: words.currentPassword,
              type: "password",
              autocomplete: "current-password",
            })
          : nothing}
        ${form.notice}
        <div class="send">
          <button class="button primary" ?disabled=${form.isBusy}>${words.changeEmail}</button>
          ${form.done(words.emailChanged)}
        </div>
      </form>
    </section>`;
  }

  /** @param {SubmitEvent} event */
  #save(event) {
    const form = /** @type {HTMLFormElement} */ (event.currentTarget);
    return this.form.send(event, async (read) => {
      const email = read("email");
      const isProved = this.profile?.hasPassword;
      await session.edit(isProved ? { email, currentPassword: read("currentPassword") } : { email });
      form.reset();
    });
  }
}

customElements.define("kabar-account-email", AccountEmail);
