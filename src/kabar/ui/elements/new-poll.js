// Asking a poll: the question, its options, until when it may be voted in.

import { Problem } from "../common/api.js";
import { pollWords } from "../common/poll-words.js";
import { words } from "../common/words.js";
import { controls } from "../styles/controls.js";
import { dialogStyles } from "../styles/dialogs.js";
import { formStyles } from "../styles/forms.js";
import { tokens } from "../styles/tokens.js";
import { css, html, LitElement } from "../vendor/lit.js";
import { holdFocus } from "./focus.js";
import { Form } from "./form.js";

/** As the server has them. */
const MOST_OPTIONS = 10;
const QUESTION_CHARACTERS = 300;
const OPTION_CHARACTERS = 100;
const FURTHEST_MILLISECONDS = 366 * 86_400_000;

/** Fires "poll-ready" (detail: a `PollDraft`). */
export class NewPoll extends LitElement {
  static properties = { options: { state: true } };
  static styles = [
    tokens,
    controls,
    dialogStyles,
    formStyles,
    css`
      dialog {
        max-height: calc(100dvh - 32px);
      }

      .options {
        display: grid;
        gap: 10px;
      }
    `,
  ];

  constructor() {
    super();
    /** As they are typed; the last one waits for the next. @type {string[]} */
    this.options = ["", ""];
    this.form = new Form(this);
  }

  async ask() {
    const dialog = this.#dialog;
    const form = /** @type {HTMLFormElement} */ (this.renderRoot.querySelector("form"));
    dialog.addEventListener("close", holdFocus(), { once: true });
    this.options = ["", ""];
    this.form.forget();
    await this.updateComplete;
    form.reset();
    dialog.showModal();
  }

  render() {
    return html`<dialog aria-labelledby="heading" closedby="closerequest">
      <form @submit=${this.#send} novalidate>
        <h2 id="heading">${pollWords.newPoll}</h2>
        ${this.form.field({
          name: "question",
          label: pollWords.question,
          hint: pollWords.questionHint,
          most: QUESTION_CHARACTERS,
        })}
        <div class="options">
          ${this.options.map((_, at) =>
            this.form.field({
              name: `option-${at}`,
              label: pollWords.option(at + 1),
              most: OPTION_CHARACTERS,
              optional: at > 1,
              typed: (text) => this.#typed(at, text),
            }),
          )}
        </div>
        ${this.form.choice({
          name: "multiple",
          label: pollWords.multiple,
          hint: pollWords.multipleHint,
        })}
        ${this.form.field({
          name: "closes",
          label: pollWords.closesAt,
          type: "datetime-local",
          optional: true,
        })}
        ${this.form.notice}
        <div class="choices">
          <button type="button" class="button" @click=${() => this.#dialog.close()}>
            ${words.cancel}
          </button>
          <button class="button primary">${pollWords.ask}</button>
        </div>
      </form>
    </dialog>`;
  }

  /** There is always one more, as long as there may be. @param {number} at @param {string} text */
  #typed(at, text) {
    const options = this.options.with(at, text);
    if (options.at(-1)?.trim() && options.length < MOST_OPTIONS) options.push("");
    this.options = options;
  }

  /** @param {SubmitEvent} event */
  #send(event) {
    return this.form.send(event, async (read, values) => {
      const draft = {
        question: read("question").trim(),
        options: this.#optionsOf(read),
        multiple: values.has("multiple"),
        closesAt: timeOf(read("closes")),
      };
      if (!draft.question) throw wrong("question", pollWords.notEmpty);
      this.#dialog.close();
      this.dispatchEvent(new CustomEvent("poll-ready", { detail: draft }));
    });
  }

  /** Those that say something. @param {(name: string) => string} read */
  #optionsOf(read) {
    /** @type {string[]} */
    const options = [];
    for (const at of this.options.keys()) {
      const text = read(`option-${at}`).trim();
      if (options.includes(text)) throw wrong(`option-${at}`, pollWords.sameOption);
      if (text) options.push(text);
    }
    if (options.length < 2) throw wrong(`option-${options.length}`, pollWords.twoOptions);
    return options;
  }

  get #dialog() {
    return /** @type {HTMLDialogElement} */ (this.renderRoot.querySelector("dialog"));
  }
}

/** @param {string} value of a field for a local time @returns {string | null} */
function timeOf(value) {
  if (!value) return null;
  const time = new Date(value);
  const left = time.getTime() - Date.now();
  if (!(left > 0 && left < FURTHEST_MILLISECONDS)) throw wrong("closes", pollWords.notLater);
  return time.toISOString();
}

/** @param {string} field @param {string} message */
const wrong = (field, message) =>
  new Problem({ status: 422, code: "invalid", detail: message, errors: [{ field, message }] });

customElements.define("kabar-new-poll", NewPoll);
