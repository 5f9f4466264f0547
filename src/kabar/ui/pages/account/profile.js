// The part of my account that others see.

import { peopleWords } from "../../common/people-words.js";
import { words } from "../../common/words.js";
import { Form } from "../../elements/form.js";
import { pictureField } from "../../elements/picture-field.js";
import { session } from "../../store/session.js";
import { accountStyles } from "../../styles/account.js";
import { avatarStyles } from "../../styles/avatar.js";
import { controls } from "../../styles/controls.js";
import { formStyles } from "../../styles/forms.js";
import { tokens } from "../../styles/tokens.js";
import { html, LitElement } from "../../vendor/lit.js";

class AccountProfile extends LitElement {
  static properties = {
    profile: { attribute: false },
    picture: { state: true },
  };
  static styles = [tokens, controls, avatarStyles, formStyles, accountStyles];

  constructor() {
    super();
    /** @type {import("../../common/types").OwnProfile | null} */
    this.profile = null;
    /** @type {string | null} */
    this.picture = null;
    this.form = new Form(this);
  }

  render() {
    const { profile, form } = this;
    if (!profile) return null;
    return html`<section>
      <h2>${words.profile}</h2>
      <form @submit=${this.#save} novalidate>
        ${pictureField(form, profile, this.picture, (address) => (this.picture = address))}
        ${form.field({
          name: "name",
          label: words.name,
          value: profile.name,
          autocomplete: "name",
          most: 100,
        })}
        ${form.field({
          name: "username",
          label: words.username,
          value: profile.username,
          autocomplete: "username",
          hint: words.newUsernameHint,
          most: 30,
        })}
        ${form.field({
          name: "bio",
          label: words.bio,
          value: profile.bio ?? "",
          rows: 3,
          most: 500,
          optional: true,
        })}
        ${form.choice({
          name: "isPrivate",
          label: words.privateAccount,
          hint: words.privateAccountHint,
          isSo: profile.isPrivate,
        })}
        ${form.choice({
          name: "acceptsFollows",
          label: peopleWords.acceptsFollows,
          hint: peopleWords.acceptsFollowsHint,
          isSo: profile.acceptsFollows,
        })}
        ${form.choice({
          name: "hideFollows",
          label: peopleWords.hideFollows,
          hint: peopleWords.hideFollowsHint,
          isSo: profile.hideFollows,
        })}
        ${form.choice({
          name: "hideCounts",
          label: peopleWords.hideCounts,
          hint: peopleWords.hideCountsHint,
          isSo: profile.hideCounts,
        })}
        ${form.choice({
          name: "readReceipts",
          label: words.readReceipts,
          hint: words.readReceiptsHint,
          isSo: profile.readReceipts,
        })}
        ${form.notice}
        <div class="send">
          <button class="button primary" ?disabled=${form.isBusy}>${words.save}</button>
          ${form.done(words.saved)}
        </div>
      </form>
    </section>`;
  }

  /** @param {SubmitEvent} event */
  #save(event) {
    const form = /** @type {HTMLFormElement} */ (event.currentTarget);
    return this.form.send(event, async (read, values) => {
      await session.edit({
        name: read("name"),
        username: read("username"),
        bio: read("bio"),
        avatar: read("avatar"),
        isPrivate: values.has("isPrivate"),
        acceptsFollows: values.has("acceptsFollows"),
        hideFollows: values.has("hideFollows"),
        hideCounts: values.has("hideCounts"),
        readReceipts: values.has("readReceipts"),
      });
      // It shows what the server made of it.
      this.picture = null;
      form.reset();
    });
  }
}

customElements.define("kabar-account-profile", AccountProfile);
