// A button that opens a short list of what else can be done.

import { controls } from "../styles/controls.js";
import { tokens } from "../styles/tokens.js";
import { css, html, LitElement } from "../vendor/lit.js";
import { moveFocus } from "./focus.js";
import { icon } from "./icon.js";

/** @typedef {{label: string, act: () => unknown, destroys?: boolean, begins?: boolean}} Choice begins: another kind than those before */

const GAP_PIXELS = 4;

class Menu extends LitElement {
  static properties = {
    label: {},
    /** What is drawn on the button. */
    icon: {},
    /** Without an edge, among others that have none. */
    plain: { type: Boolean },
    choices: { attribute: false },
  };
  static styles = [
    tokens,
    controls,
    css`
      :host {
        display: inline-block;
      }

      .icon-button {
        border: 1px solid var(--control-line);
        background: var(--surface);
      }

      :host([plain]) .icon-button {
        width: 100%;
        height: 100%;
        border: 0;
        background: none;
      }

      .menu {
        position: fixed;
        inset: auto;
        min-width: 180px;
        margin: 0;
        padding: 4px;
        border: 1px solid var(--line);
        border-radius: var(--round);
        background: var(--raised);
        color: var(--text);
        box-shadow: var(--shadow);
      }

      .choice {
        display: block;
        width: 100%;
        min-height: 36px;
        padding: 0 12px;
        border-radius: var(--round-control);
        font-size: 14px;
        text-align: start;
      }

      .choice:hover,
      .choice:focus-visible {
        background: var(--hover);
      }

      .choice.begins {
        position: relative;
        margin-top: 9px;
      }

      .choice.begins::before {
        position: absolute;
        inset: -5px -4px auto;
        border-top: 1px solid var(--line);
        content: "";
      }

      .choice.destroys {
        color: var(--danger);
      }

      @media (pointer: coarse), (max-width: 719px) {
        .choice {
          min-height: 44px;
        }
      }
    `,
  ];

  constructor() {
    super();
    this.label = "";
    /** @type {Parameters<typeof icon>[0]} */
    this.icon = "ellipsis";
    this.plain = false;
    /** @type {Choice[]} */
    this.choices = [];
  }

  render() {
    return html`<button
        class="icon-button"
        popovertarget="menu"
        aria-haspopup="menu"
        aria-label=${this.label}
        title=${this.label}
      >
        ${icon(this.icon)}
      </button>
      <div
        id="menu"
        class="menu"
        popover
        role="menu"
        aria-label=${this.label}
        @toggle=${this.#toggled}
        @keydown=${(/** @type {KeyboardEvent} */ event) => moveFocus(event, ".choice")}
      >
        ${this.choices.map(
          ({ label, act, destroys, begins }) => html`<button
            class="choice ${destroys ? "destroys" : ""} ${begins ? "begins" : ""}"
            role="menuitem"
            @click=${() => this.#choose(act)}
          >
            ${label}
          </button>`,
        )}
      </div>`;
  }

  get #menu() {
    return /** @type {HTMLElement} */ (this.renderRoot.querySelector(".menu"));
  }

  get #button() {
    return /** @type {HTMLElement} */ (this.renderRoot.querySelector(".icon-button"));
  }

  /** The focus is on the button again before anything asks a question. @param {() => unknown} act */
  #choose(act) {
    this.#menu.hidePopover();
    this.#button.focus();
    act();
  }

  /** @param {ToggleEvent} event */
  #toggled(event) {
    if (event.newState !== "open") return;
    const menu = this.#menu;
    const from = this.#button.getBoundingClientRect();
    const { width, height } = menu.getBoundingClientRect();
    const isRoomBelow = from.bottom + GAP_PIXELS + height <= innerHeight;
    menu.style.top = `${isRoomBelow ? from.bottom + GAP_PIXELS : from.top - GAP_PIXELS - height}px`;
    menu.style.left = `${Math.max(8, Math.min(from.left, innerWidth - width - 8))}px`;
    /** @type {HTMLElement | null} */ (menu.querySelector(".choice"))?.focus();
  }
}

customElements.define("kabar-menu", Menu);
