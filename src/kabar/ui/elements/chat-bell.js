// The way to the conversations, with how many messages wait there.

import { base } from "../common/api.js";
import { Follows } from "../common/store.js";
import { words } from "../common/words.js";
import { arrivals } from "../store/arrivals.js";
import { rooms } from "../store/rooms.js";
import { bells } from "../styles/bells.js";
import { controls } from "../styles/controls.js";
import { tokens } from "../styles/tokens.js";
import { html, LitElement, nothing } from "../vendor/lit.js";
import { badge, label } from "./badge.js";
import { icon } from "./icon.js";

/** `<kabar-chat-bell href="/chat">` */
class ChatBell extends LitElement {
  static properties = {
    href: {},
    current: { type: Boolean },
  };
  static styles = [tokens, controls, bells];

  constructor() {
    super();
    this.href = new URL("chat", base).pathname;
    this.current = false;
    new Follows(this, rooms);
    rooms.begin();
    arrivals.begin();
  }

  render() {
    const count = rooms.unread;
    return html`<a
        class="bell"
        href=${this.href}
        aria-describedby="count"
        aria-current=${this.current ? "page" : nothing}
      >
        ${icon("message-circle")}${label(words.chats)}${badge(count)}
      </a>
      <span id="count" class="only-heard">${count ? words.unread(count) : nothing}</span>`;
  }
}

customElements.define("kabar-chat-bell", ChatBell);
