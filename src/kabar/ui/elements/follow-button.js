// Following a person, from anywhere they are shown.

import { Follows } from "../common/store.js";
import { words } from "../common/words.js";
import { people } from "../store/people.js";
import { session } from "../store/session.js";
import { controls } from "../styles/controls.js";
import { tokens } from "../styles/tokens.js";
import { css, html, LitElement, nothing } from "../vendor/lit.js";

/** `<kabar-follow-button user-id="…" name="…" quiet>` */
class FollowButton extends LitElement {
  static properties = {
    userId: { attribute: "user-id" },
    name: {},
    /** One of many in a list. */
    quiet: { type: Boolean },
    busy: { state: true },
    problem: { state: true },
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

      .error {
        display: block;
        max-width: 24ch;
        margin-top: 4px;
      }
    `,
  ];

  constructor() {
    super();
    this.userId = "";
    this.name = "";
    this.quiet = false;
    this.busy = false;
    this.problem = "";
    new Follows(this, people, session);
    session.load();
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    const signedIn = session.status === "in";
    if (signedIn && this.userId && (changed.has("userId") || !this.asked)) {
      this.asked = true;
      if (!this.isMe) people.load(this.userId).catch(() => {});
    }
  }

  get isMe() {
    return this.userId === session.user?.id;
  }

  render() {
    if (this.isMe) return nothing;
    const state = people.state(this.userId);
    const on = Boolean(state?.following || state?.requested);
    const label = state?.following ? words.following : on ? words.requested : words.follow;
    return html`<button
        class="button ${on ? "" : this.quiet ? "wanted" : "primary"}"
        ?disabled=${!state || this.busy}
        aria-description=${this.name || nothing}
        title=${on ? words.unfollow : nothing}
        @click=${() => this.#toggle(on)}
      >
        ${label}
      </button>
      ${this.problem ? html`<span class="error" role="alert">${this.problem}</span>` : nothing}`;
  }

  /** @param {boolean} on */
  async #toggle(on) {
    this.busy = true;
    this.problem = "";
    try {
      await (on ? people.unfollow(this.userId) : people.follow(this.userId));
    } catch (error) {
      this.problem = error instanceof Error ? error.message : "";
    }
    this.busy = false;
  }
}

customElements.define("kabar-follow-button", FollowButton);
