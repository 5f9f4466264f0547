// A bell that counts what is new, and opens the notification centre.

import { Follows } from "../common/store.js";
import { words } from "../common/words.js";
import { notifications } from "../store/notifications.js";
import { bells } from "../styles/bells.js";
import { controls } from "../styles/controls.js";
import { tokens } from "../styles/tokens.js";
import { css, html, LitElement, nothing } from "../vendor/lit.js";
import { badge, label } from "./badge.js";
import { holdFocus } from "./focus.js";
import { icon } from "./icon.js";
import "./notification-center.js";

const WIDTH = 400;
const HEIGHT = 560;
const MARGIN = 8;

/** `<kabar-notification-bell beside>`; the panel opens over the page. */
class NotificationBell extends LitElement {
  static properties = {
    /** The panel opens at its side, not below. */
    beside: { type: Boolean },
    /** Whether the page of notifications is shown. */
    current: { type: Boolean },
    open: { state: true },
  };

  static styles = [
    tokens,
    controls,
    bells,
    css`
      .bell {
        width: 100%;
      }

      .panel {
        position: fixed;
        inset: auto;
        width: min(400px, calc(100vw - 16px));
        max-height: min(560px, calc(100dvh - 88px));
        margin: 0;
        padding: 0;
        border: 1px solid var(--line);
        border-radius: var(--round);
        background: var(--raised);
        color: inherit;
        box-shadow: var(--shadow);
        overflow: hidden;
      }

      .panel:popover-open {
        animation: appear var(--motion);
      }

      @keyframes appear {
        from {
          opacity: 0;
          translate: 0 4px;
        }
      }
    `,
  ];

  constructor() {
    super();
    this.beside = false;
    this.current = false;
    this.open = false;
    this.putBack = () => {};
    new Follows(this, notifications);
    notifications.begin();
  }

  render() {
    const count = notifications.unseen;
    return html`<button
        class="bell"
        popovertarget="panel"
        aria-describedby="count"
        aria-haspopup="dialog"
        aria-expanded=${this.open}
        aria-current=${this.current ? "page" : nothing}
      >
        ${icon("bell")}${label(words.notifications)}${badge(count)}
      </button>
      <span id="count" class="only-heard">${count ? words.unread(count) : nothing}</span>
      <div
        id="panel"
        class="panel"
        popover
        role="dialog"
        aria-label=${words.notifications}
        @beforetoggle=${this.#place}
        @toggle=${this.#toggled}
        @click=${this.#left}
      >
        ${this.open
          ? html`<kabar-notification-center closable @close=${this.#close}>
            </kabar-notification-center>`
          : nothing}
      </div>`;
  }

  get #panel() {
    return /** @type {HTMLElement} */ (this.renderRoot.querySelector(".panel"));
  }

  #close() {
    this.#panel.hidePopover();
  }

  /** Beside the bell, or else above or below it, and inside the window. */
  #place() {
    const bell = this.getBoundingClientRect();
    const { style } = this.#panel;
    const width = Math.min(WIDTH, innerWidth - 2 * MARGIN);
    const isBeside = this.beside && bell.right + width <= innerWidth - 2 * MARGIN;
    const isAbove = !isBeside && bell.top > innerHeight / 2;
    const furthest = innerWidth - width - 2 * MARGIN;
    const left = isBeside ? bell.right : Math.max(0, Math.min(bell.left - MARGIN, furthest));
    const highest = innerHeight - Math.min(HEIGHT, innerHeight - 2 * MARGIN) - MARGIN;
    const top = Math.min(isBeside ? bell.top : bell.bottom + MARGIN, highest);
    style.setProperty("left", `${left + MARGIN}px`);
    style.setProperty("top", isAbove ? "auto" : `${top}px`);
    style.setProperty("bottom", isAbove ? `${innerHeight - bell.top + MARGIN}px` : "auto");
  }

  /** @param {ToggleEvent} event */
  async #toggled(event) {
    this.open = event.newState === "open";
    if (!this.open) {
      this.putBack();
      return;
    }
    this.putBack = holdFocus();
    await this.updateComplete;
    const center = this.#panel.querySelector("kabar-notification-center");
    /** @type {HTMLElement | null} */ (center)?.focus();
  }

  /** A notification that was followed closes the panel. @param {MouseEvent} event */
  #left(event) {
    const link = event.composedPath().some((node) => node instanceof HTMLAnchorElement);
    if (link) this.#panel.hidePopover();
  }
}

customElements.define("kabar-notification-bell", NotificationBell);
