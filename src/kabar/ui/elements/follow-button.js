// Following a person, from anywhere they are shown.

import { peopleWords } from "../common/people-words.js";
import { Follows } from "../common/store.js";
import { words } from "../common/words.js";
import { Asking } from "../store/asking.js";
import { people } from "../store/people.js";
import { session } from "../store/session.js";
import { controls } from "../styles/controls.js";
import { tokens } from "../styles/tokens.js";
import { css, html, LitElement, nothing } from "../vendor/lit.js";
import { Acts } from "./acts.js";

/** `<kabar-follow-button user-id="…" name="…" quiet>` */
class FollowButton extends LitElement {
  static properties = {
    userId: { attribute: "user-id" },
    name: {},
    /** One of many in a list. */
    quiet: { type: Boolean },
  };

  static styles = [
    tokens,
    controls,
    css`
      :host {
        display: inline-block;
      }

      .button {
        min-width: 100px;
      }

      :host([quiet]) .button {
        min-width: 88px;
        min-height: 32px;
        padding: 0 10px;
        font-size: 13px;
      }

      .wanted {
        border-color: var(--accent);
        color: var(--accent-strong);
      }

      .none {
        display: block;
        padding-block: 8px;
        font-size: 14px;
      }

      .notice {
        max-width: 28ch;
        margin-top: 4px;
      }
    `,
  ];

  constructor() {
    super();
    this.userId = "";
    this.name = "";
    this.quiet = false;
    this.acts = new Acts(this);
    this.asking = new Asking(
      () => people.load(this.userId),
      () => this.requestUpdate(),
    );
    new Follows(this, people, session);
    session.load();
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    const signedIn = session.status === "in";
    if (signedIn && this.userId && (changed.has("userId") || !this.asked)) {
      this.asked = true;
      if (!this.isMe) this.asking.ask();
    }
  }

  get isMe() {
    return this.userId === session.user?.id;
  }

  render() {
    if (this.isMe) return nothing;
    const state = people.state(this.userId);
    const on = Boolean(state?.following || state?.requested);
    const unknown = !state && this.asking.problem;
    if (unknown) {
      return html`<button class="button" @click=${() => this.asking.ask()} title=${unknown.message}>
        ${words.tryAgain}
      </button>`;
    }
    if (!on && state?.acceptsFollows === false) {
      return this.quiet
        ? nothing
        : html`<span class="quiet none">${peopleWords.takesNoFollowers}</span>`;
    }
    const label = state?.following ? words.following : on ? words.requested : words.follow;
    return html`<button
        class="button ${on ? "" : this.quiet ? "wanted" : "primary"}"
        ?disabled=${!state || this.acts.isBusy}
        aria-description=${this.name || nothing}
        title=${on ? words.unfollow : nothing}
        @click=${() => this.#toggle(on)}
      >
        ${label}
      </button>
      ${this.acts.notice}`;
  }

  /** @param {boolean} on */
  #toggle(on) {
    return this.acts.do(() => (on ? people.unfollow(this.userId) : people.follow(this.userId)));
  }
}

customElements.define("kabar-follow-button", FollowButton);
