// Says when the page is cut off from the server, and how to go on.

import { base } from "../common/api.js";
import { Follows } from "../common/store.js";
import { words } from "../common/words.js";
import { live } from "../live/live.js";
import { session } from "../store/session.js";
import { controls } from "../styles/controls.js";
import { tokens } from "../styles/tokens.js";
import { css, html, LitElement, nothing } from "../vendor/lit.js";
import { icon } from "./icon.js";

class Status extends LitElement {
  static styles = [
    tokens,
    controls,
    css`
      :host {
        display: block;
      }

      .bar {
        display: flex;
        align-items: center;
        justify-content: center;
        gap: 8px;
        padding: 6px 16px;
        background: var(--wait-tint);
        color: var(--wait);
        font-size: 13px;
        font-weight: 550;
      }

      .icon {
        width: 16px;
        height: 16px;
      }

      a {
        color: inherit;
      }
    `,
  ];

  constructor() {
    super();
    new Follows(this, live, session);
  }

  // The region is always there: what appears in it is read out.
  render() {
    return html`<div role="status">${this.#bar()}</div>`;
  }

  #bar() {
    if (session.status === "expired") {
      return html`<div class="bar">
        ${icon("circle-alert")}<span>${words.sessionEnded}</span>
        <a href=${new URL("sign-in", base).href}>${words.signIn}</a>
      </div>`;
    }
    if (live.state !== "offline") return nothing;
    const text = navigator.onLine ? words.reconnecting : words.offline;
    return html`<div class="bar">${icon("wifi-off")}<span>${text}</span></div>`;
  }
}

customElements.define("kabar-status", Status);
