// Making a group: what it is called, and who is in it from the start.

import { groupWords as words } from "../../common/group-words.js";
import { groups } from "../../store/groups.js";
import { avatarStyles } from "../../styles/avatar.js";
import { controls } from "../../styles/controls.js";
import { formStyles } from "../../styles/forms.js";
import { tokens } from "../../styles/tokens.js";
import { css, html, LitElement, repeat } from "../../vendor/lit.js";
import { Form } from "../form.js";
import { icon } from "../icon.js";
import "../people-search.js";

/** @typedef {import("../../common/types").User} User */

/** Fires "group-made" (detail: the id of its room). */
class NewGroup extends LitElement {
  static properties = { chosen: { state: true } };
  static styles = [
    tokens,
    controls,
    avatarStyles,
    formStyles,
    css`
      :host {
        display: flex;
        flex: 1;
        flex-direction: column;
        min-height: 0;
      }

      form {
        padding: 4px 12px;
      }

      ul {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        max-height: 116px;
        margin: 0;
        padding: 0;
        overflow-y: auto;
        list-style: none;
      }

      li button {
        display: inline-flex;
        align-items: center;
        gap: 4px;
        max-width: 200px;
        min-height: 32px;
        padding: 0 10px;
        border-radius: 16px;
        background: var(--accent-tint);
        font-size: 13px;
      }

      li span {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }

      li .icon {
        flex: none;
        width: 14px;
        height: 14px;
      }

      kabar-people-search {
        flex: 1;
      }

      footer {
        display: grid;
        padding: 12px;
        border-block-start: 1px solid var(--line);
      }
    `,
  ];

  constructor() {
    super();
    /** @type {User[]} */
    this.chosen = [];
    this.form = new Form(this);
  }

  render() {
    return html`<form id="group" @submit=${this.#make} novalidate>
        ${this.form.field({ name: "name", label: words.groupName, most: 100 })}
        <ul aria-label=${words.chosen}>
          ${repeat(
            this.chosen,
            ({ id }) => id,
            (user) => html`<li>
              <button
                type="button"
                aria-label=${words.takeOut(user.name)}
                @click=${() => (this.chosen = this.chosen.filter(({ id }) => id !== user.id))}
              >
                <span dir="auto">${user.name}</span>${icon("x")}
              </button>
            </li>`,
          )}
        </ul>
      </form>
      <kabar-people-search @choose-person=${this.#choose}></kabar-people-search>
      <footer>
        ${this.form.notice}
        <button class="button primary" form="group" ?disabled=${this.form.isBusy}>
          ${words.makeGroup}
        </button>
      </footer>`;
  }

  focus() {
    this.renderRoot.querySelector("input")?.focus();
  }

  /** @param {CustomEvent<User>} event */
  #choose({ detail }) {
    if (!this.chosen.some(({ id }) => id === detail.id)) this.chosen = [...this.chosen, detail];
  }

  /** @param {SubmitEvent} event */
  #make(event) {
    return this.form.send(event, async (read) => {
      const ids = this.chosen.map(({ id }) => id);
      const room = await groups.make(read("name"), ids);
      this.dispatchEvent(new CustomEvent("group-made", { detail: room.id }));
    });
  }
}

customElements.define("kabar-new-group", NewGroup);
