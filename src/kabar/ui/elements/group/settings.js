// What a group is called, how it looks, and its rules: for its owner and admins.

import { groupWords as words } from "../../common/group-words.js";
import { words as shared } from "../../common/words.js";
import { groups } from "../../store/groups.js";
import { controls } from "../../styles/controls.js";
import { formStyles } from "../../styles/forms.js";
import { groupStyles } from "../../styles/groups.js";
import { tokens } from "../../styles/tokens.js";
import { html, LitElement, nothing } from "../../vendor/lit.js";
import { Form } from "../form.js";

class GroupSettings extends LitElement {
  static properties = { room: { attribute: false } };
  static styles = [tokens, controls, groupStyles, formStyles];

  constructor() {
    super();
    /** @type {import("../../common/types").Room | null} */
    this.room = null;
    this.form = new Form(this);
  }

  render() {
    const { room, form } = this;
    if (!room) return nothing;
    return html`<section aria-label=${words.editGroup}>
      <form @submit=${this.#save} novalidate>
        ${form.field({ name: "name", label: words.groupName, value: room.name ?? "", most: 100 })}
        ${form.field({
          name: "avatar",
          label: words.picture,
          type: "url",
          value: room.avatar ?? "",
          hint: words.pictureHint,
          most: 2000,
          optional: true,
        })}
        ${form.field({
          name: "description",
          label: words.description,
          value: room.description ?? "",
          rows: 3,
          most: 500,
          optional: true,
        })}
        <div class="field">
          <label for="joinRule">${words.joinRule}</label>
          <select id="joinRule" name="joinRule">
            ${Object.entries(words.joinRules).map(([rule, label]) =>
              option(rule, label, rule === room.joinRule),
            )}
          </select>
        </div>
        <div class="field">
          <label for="slowModeSeconds">${words.slowMode}</label>
          <select id="slowModeSeconds" name="slowModeSeconds">
            ${this.#slowModes(room.slowModeSeconds ?? 0)}
          </select>
        </div>
        <div class="field">
          <label for="retentionDays">${words.retention}</label>
          <select id="retentionDays" name="retentionDays">
            ${this.#retentions(room.retentionDays ?? null)}
          </select>
        </div>
        <label class="switch">
          <input type="checkbox" name="isAnnouncement" .defaultChecked=${room.isAnnouncement} />
          ${words.announcements}
        </label>
        ${form.notice}
        <div class="send">
          <button class="button primary" ?disabled=${form.isBusy}>${shared.save}</button>
          ${form.done(shared.saved)}
        </div>
      </form>
    </section>`;
  }

  /** Also one that an application has set. @param {number} present */
  #slowModes(present) {
    const known = words.slowModes.some(([seconds]) => seconds === present);
    const all = known ? words.slowModes : [...words.slowModes, [present, words.everySeconds(present)]];
    return all.map(([seconds, label]) => option(String(seconds), String(label), seconds === present));
  }

  /** Also one that an application has set. @param {number | null} present */
  #retentions(present) {
    const known = words.retentions.some(([days]) => days === present);
    const all = known ? words.retentions : [...words.retentions, [present, words.days(present ?? 0)]];
    return all.map(([days, label]) => option(String(days ?? ""), String(label), days === present));
  }

  /** @param {SubmitEvent} event */
  #save(event) {
    return this.form.send(event, (read, values) =>
      groups.change(this.room?.id ?? "", {
        name: read("name"),
        avatar: read("avatar") || null,
        description: read("description") || null,
        joinRule: /** @type {"invite" | "request" | "open"} */ (read("joinRule")),
        isAnnouncement: values.has("isAnnouncement"),
        slowModeSeconds: Number(read("slowModeSeconds")),
        retentionDays: read("retentionDays") === "" ? null : Number(read("retentionDays")),
      }),
    );
  }
}

/** @param {string} value @param {string} label @param {boolean} isChosen */
const option = (value, label, isChosen) =>
  html`<option value=${value} ?selected=${isChosen}>${label}</option>`;

customElements.define("kabar-group-settings", GroupSettings);
