// The whole page: the navigation, and what it leads to.

import { moderationWords } from "../common/moderation-words.js";
import { Follows } from "../common/store.js";
import { words } from "../common/words.js";
import { avatar } from "../elements/avatar.js";
import { badge } from "../elements/badge.js";
import "../elements/chat.js";
import "../elements/chat-bell.js";
import { icon } from "../elements/icon.js";
import "../elements/notification-bell.js";
import "../elements/notification-center.js";
import "../elements/status.js";
import { blocks } from "../store/blocks.js";
import { followRequests } from "../store/follow-requests.js";
import { openReports } from "../store/open-reports.js";
import { session } from "../store/session.js";
import { appStyles } from "../styles/app.js";
import { avatarStyles } from "../styles/avatar.js";
import { bells } from "../styles/bells.js";
import { controls } from "../styles/controls.js";
import { tokens } from "../styles/tokens.js";
import { html, LitElement, nothing } from "../vendor/lit.js";
import "./account.js";
import "./invite.js";
import "./moderation.js";
import "./people.js";
import { router } from "./router.js";
import "./sign-in.js";
import { keepTitle } from "./title.js";

class App extends LitElement {
  static styles = [tokens, controls, avatarStyles, bells, appStyles];

  constructor() {
    super();
    new Follows(this, session, router, followRequests, openReports);
    followRequests.begin();
    openReports.begin();
    blocks.begin();
    session.load();
    keepTitle();
  }

  willUpdate() {
    const [page] = router.place;
    const outside = page === "sign-in" || page === "register";
    if (session.status === "in" && (outside || page === "")) {
      router.go(router.next, { replace: true });
    } else if (session.status === "out" && !outside) {
      router.go(router.path("sign-in"), { replace: true });
    }
  }

  render() {
    const [page, rest] = router.place;
    const { status } = session;
    if (status === "unknown") return this.#waiting();
    if (page === "sign-in" || page === "register") {
      return html`<main id="main"><kabar-sign-in .page=${page}></kabar-sign-in></main>`;
    }
    const inRoom = page === "chat" && rest !== "";
    return html`<div class="frame ${inRoom ? "in-room" : ""}">
      ${this.#navigation(page)}
      <main id="main" tabindex="-1">${this.#page(page, rest)}</main>
    </div>`;
  }

  #waiting() {
    return html`<div class="blank" role="status">
      ${session.unreachable ? html`${icon("wifi-off")}
            <p>${words.cannotReach}</p>
            <button class="button" @click=${() => session.load()}>${words.tryAgain}</button>` : nothing}
    </div>`;
  }

  /** @param {string} page */
  #navigation(page) {
    const asking = followRequests.total;
    return html`<nav aria-label=${words.mainNavigation}>
      <a class="skip" href="#content" @click=${this.#skip}>${words.skip}</a>
      <img class="mark" src=${new URL("../icon.svg", import.meta.url).href} alt=${words.product} />
      <kabar-chat-bell ?current=${page === "chat"}></kabar-chat-bell>
      <a
        class="bell"
        href=${router.path("people")}
        aria-current=${page === "people" ? "page" : nothing}
        aria-description=${asking ? words.asking(asking) : nothing}
      >
        ${icon("users")}${badge(asking)}<span class="label">${words.people}</span>
      </a>
      ${session.role === "user" ? nothing : this.#moderation(page)}
      <kabar-notification-bell beside ?current=${page === "notifications"}></kabar-notification-bell>
      <a
        class="bell account"
        href=${router.path("account")}
        aria-current=${page === "account" ? "page" : nothing}
      >
        ${session.user ? avatar(session.user, "small") : nothing}
        <span class="label">${words.accountLabel}</span>
      </a>
    </nav>`;
  }

  /** @param {string} page */
  #moderation(page) {
    const { count } = openReports;
    return html`<a
      class="bell"
      href=${router.path("moderation")}
      aria-current=${page === "moderation" ? "page" : nothing}
      aria-description=${count ? moderationWords.waiting(count) : nothing}
    >
      ${icon("shield")}${badge(count)}<span class="label">${moderationWords.moderation}</span>
    </a>`;
  }

  /** @param {string} page @param {string} rest */
  #page(page, rest) {
    if (page === "people") {
      return html`<kabar-status></kabar-status>
        <kabar-people-page .username=${rest}></kabar-people-page>`;
    }
    if (page === "notifications") {
      return html`<kabar-status></kabar-status>
        <kabar-notification-center class="wide"></kabar-notification-center>`;
    }
    if (page === "account") {
      return html`<kabar-status></kabar-status><kabar-account></kabar-account>`;
    }
    if (page === "moderation") {
      return html`<kabar-status></kabar-status><kabar-moderation></kabar-moderation>`;
    }
    if (page === "invite") {
      return html`<kabar-status></kabar-status><kabar-invite .code=${rest}></kabar-invite>`;
    }
    return html`<kabar-chat
      .roomId=${rest}
      .threadId=${router.query.get("thread") ?? ""}
      .messageId=${router.query.get("message") ?? ""}
      @room-changed=${this.#goToRoom}
    ></kabar-chat>`;
  }

  /** @param {CustomEvent<string>} event */
  #goToRoom({ detail, target }) {
    const { threadId, messageId } = /** @type {{threadId: string, messageId: string}} */ (
      /** @type {unknown} */ (target)
    );
    const asked = new URLSearchParams();
    if (threadId) asked.set("thread", threadId);
    if (messageId) asked.set("message", messageId);
    router.go(router.path("chat", detail) + (asked.size ? `?${asked}` : ""));
  }

  /** @param {Event} event */
  #skip(event) {
    event.preventDefault();
    const main = this.renderRoot.querySelector("main");
    const page = main?.querySelector(":scope > :not(kabar-status)");
    /** @type {HTMLElement | null} */ (page)?.focus();
  }
}

customElements.define("kabar-app", App);
