// Where one writes: a draft that is kept, sending with Enter, changing what was said.

import { threadWords } from "../common/thread-words.js";
import { words } from "../common/words.js";
import { attachingIn } from "../store/attaching.js";
import { MyDraft } from "../store/my-draft.js";
import { MyTyping } from "../store/typing.js";
import { avatarStyles } from "../styles/avatar.js";
import { composerStyles } from "../styles/composer.js";
import { controls } from "../styles/controls.js";
import { mentionStyles } from "../styles/mention-choices.js";
import { tokens } from "../styles/tokens.js";
import { trayStyles } from "../styles/tray.js";
import { html, LitElement, nothing } from "../vendor/lit.js";
import { attachButtons, recordButton } from "./attach-buttons.js";
import { attachTray } from "./attach-tray.js";
import { composerAbove, isTooLong } from "./composer-above.js";
import { isForInputMethod, KeepsFocus } from "./focus.js";
import { icon } from "./icon.js";
import { MentionChoices } from "./mention-choices.js";
import { sendMenu } from "./send-menu.js";
import { Voice } from "./voice.js";

const TALLEST_PIXELS = 220;

/**
 * Fires "send" and "send-later" (detail: a `Saying`), "save-edit" (detail: text), "cancel",
 * "edit-last" and "take-up" (detail: the id of the message that a draft answers, or "").
 */
export class Composer extends LitElement {
  static properties = {
    roomId: {},
    /** In which thread it is said; "": in the room itself. */
    threadId: {},
    userId: {},
    /** The text of the message that is being edited, or null. */
    editing: { attribute: false },
    /** The message that is answered, or null. */
    replying: { attribute: false },
    /** What the server keeps of what is half written; undefined: not known yet. */
    held: { attribute: false },
    text: { state: true },
  };

  static styles = [tokens, controls, avatarStyles, composerStyles, trayStyles, mentionStyles];

  constructor() {
    super();
    this.roomId = "";
    this.threadId = "";
    this.userId = "";
    /** @type {string | null} */
    this.editing = null;
    /** @type {import("../common/types").Message | null} */
    this.replying = null;
    /** @type {import("../common/types").Draft | null | undefined} */
    this.held = undefined;
    this.text = "";
    this.voice = new Voice(this, (file) => this.attach([file]));
    this.mentions = new MentionChoices(this);
    new KeepsFocus(this);
  }

  connectedCallback() {
    super.connectedCallback();
    // The room would think that it is for all.
    this.typing = this.threadId ? null : new MyTyping(this.roomId);
    this.attaching.addEventListener("change", this.#changed);
    this.draft = new MyDraft(this.userId, this.roomId, this.threadId);
    this.draft.begin();
    this.text = this.draft.here.content;
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.typing?.stop();
    this.draft?.end();
    this.attaching.removeEventListener("change", this.#changed);
  }

  #changed = () => this.requestUpdate();

  /** What is to be sent with the text. */
  get attaching() {
    const { userId, roomId, threadId } = this;
    return attachingIn(userId, threadId ? `${roomId}:${threadId}` : roomId);
  }

  /** @param {Iterable<File>} files */
  attach(files) {
    this.attaching.add(files);
    this.focus();
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has("held") && this.held !== undefined) this.#follow(this.held);
    if (!changed.has("editing") || changed.get("editing") === undefined) return;
    this.text = this.editing ?? this.draft?.here.content ?? "";
  }

  /** Written on another device. @param {import("../common/types").Draft | null} held */
  #follow(held) {
    if (!this.draft?.follow(held)) return;
    const { content, replyToId } = this.draft.here;
    if (this.editing === null) this.text = content;
    this.#tell("take-up", replyToId ?? "");
  }

  render() {
    return html`${composerAbove(this)}${this.mentions.list}
      ${this.editing === null ? attachTray(this.attaching) : nothing}
      <form @submit=${this.#submit}>
        <textarea
          ?hidden=${this.voice.isRecording}
          rows="1"
          aria-label=${this.#asks}
          placeholder=${this.#asks}
          enterkeyhint=${touches() ? "enter" : "send"}
          dir="auto"
          aria-invalid=${this.isTooLong}
          aria-describedby=${this.isTooLong ? "error" : nothing}
          aria-autocomplete="list"
          aria-haspopup="listbox"
          aria-controls="choices"
          aria-activedescendant=${this.mentions.activeId}
          .value=${this.text}
          @input=${this.#typed}
          @keydown=${this.#keyed}
          @selectionchange=${this.mentions.look}
          @blur=${this.mentions.close}
          @paste=${this.#pasted}
        ></textarea>
        ${this.editing === null ? [attachButtons(this), recordButton(this)] : nothing}
        ${this.#isSendable && this.editing === null ? sendMenu(this) : nothing}
        <button
          class="icon-button send"
          aria-label=${this.editing === null ? words.send : words.save}
          ?disabled=${!this.#isSendable}
        >
          ${icon(this.editing === null ? "send-horizontal" : "check")}
        </button>
      </form>
      <kabar-new-poll @poll-ready=${this.#askPoll}></kabar-new-poll>`;
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    const field = this.field;
    if (changed.has("text")) {
      field.style.height = "auto";
      field.style.height = `${Math.min(field.scrollHeight + 2, TALLEST_PIXELS)}px`;
    }
    const answers = changed.has("replying") && (this.replying?.id ?? null) !== this.draft?.here.replyToId;
    const begins = (changed.has("editing") && this.editing !== null) || answers;
    if (answers && this.text && this.editing === null) this.#keep();
    if (begins && (this.editing ?? this.replying) !== null) this.focus();
  }

  /** Also before it is drawn for the first time. */
  async focus() {
    await this.updateComplete;
    const field = this.field;
    field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
  }

  /** @returns {HTMLTextAreaElement} */
  get field() {
    return /** @type {HTMLTextAreaElement} */ (this.renderRoot.querySelector("textarea"));
  }

  /** What would be sent. The first line keeps its indentation. */
  get content() {
    return this.text.replace(/^\s*\n/u, "").trimEnd();
  }

  /** What is to be written here. */
  get #asks() {
    return this.threadId ? threadWords.write : words.write;
  }

  get isTooLong() {
    return isTooLong(this.text);
  }

  get #isSendable() {
    if (this.isTooLong || this.voice.isRecording) return false;
    const says = this.text.trim() !== "";
    if (this.editing !== null) return says;
    return this.attaching.isReady && (says || this.attaching.items.length > 0);
  }

  /** What is said in a thread is said at once. */
  get mayWait() {
    return !this.threadId;
  }

  sendLater() {
    this.#tell("send-later", { text: this.content, attachments: this.attaching.attachments });
  }

  /** It is there and unread, and rings nowhere. */
  sendSilently() {
    this.#send({ silent: true });
    this.focus();
  }

  /** Other text, as if it was typed. @param {string} text @param {number} caret */
  async rewrite(text, caret) {
    this.field.value = text;
    this.#typed();
    await this.updateComplete;
    this.field.setSelectionRange(caret, caret);
  }

  #typed() {
    this.text = this.field.value;
    this.mentions.look();
    if (this.editing !== null) return;
    this.#keep();
    if (this.text) this.typing?.typed();
    else this.typing?.stop();
  }

  /** @param {KeyboardEvent} event */
  #keyed(event) {
    if (isForInputMethod(event) || this.mentions.keyed(event)) return;
    if (event.key === "Enter" && !event.shiftKey && !touches()) {
      event.preventDefault();
      if (!event.repeat) this.#send();
    } else if (event.key === "ArrowUp" && this.text === "" && this.editing === null) {
      event.preventDefault();
      this.#tell("edit-last");
    } else if (event.key === "Escape" && (this.editing ?? this.replying) !== null) {
      event.stopPropagation();
      this.cancel();
    }
  }

  /** @param {Event} event */
  #submit(event) {
    event.preventDefault();
    this.#send();
    this.focus();
  }

  /** @param {{silent?: boolean}} [how] */
  #send(how = {}) {
    if (!this.#isSendable) return;
    const text = this.content;
    if (this.editing !== null) {
      this.#tell("save-edit", text);
    } else {
      const attachments = this.clear();
      this.#tell("send", { text, attachments, ...how });
    }
  }

  /** What is being written, and what it answers, wait. @param {CustomEvent<import("../common/types").PollDraft>} event */
  #askPoll({ detail: poll }) {
    this.draft?.outlive();
    this.#tell("send", { text: poll.question, attachments: [], poll });
  }

  /** What stood here is said, or is going to be. Answers with its files. */
  clear() {
    this.text = "";
    this.#keep();
    this.typing?.sent();
    return this.attaching.take();
  }

  #keep() {
    this.draft?.write(this.text, this.replying?.id ?? null);
  }

  cancel() {
    this.#tell("cancel");
    this.focus();
  }

  /** A picture that was copied; of text with a picture beside it, the text. @param {ClipboardEvent} event */
  #pasted(event) {
    const data = event.clipboardData;
    if (this.editing !== null || !data?.files.length || data.types.includes("text/plain")) return;
    event.preventDefault();
    this.attach(data.files);
  }

  /** @param {string} name @param {string | import("../common/types").Saying} [detail] */
  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

/** On a touch keyboard Enter makes a new line: there is no Shift+Enter. */
const touches = () => matchMedia("(pointer: coarse)").matches;

customElements.define("kabar-composer", Composer);
