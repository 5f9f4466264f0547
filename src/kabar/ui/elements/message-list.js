// The messages of a room, in a view that stays where one reads while others come.

import { dayTitle } from "../common/times.js";
import { words } from "../common/words.js";
import { rooms } from "../store/rooms.js";
import { avatarStyles } from "../styles/avatar.js";
import { controls } from "../styles/controls.js";
import { messageListStyles } from "../styles/message-list.js";
import { messageStyles } from "../styles/messages.js";
import { tokens } from "../styles/tokens.js";
import { html, LitElement, nothing, repeat } from "../vendor/lit.js";
import { failed } from "./acts.js";
import { KeepsFocus, moveFocus } from "./focus.js";
import { HeldView } from "./held-view.js";
import { icon } from "./icon.js";
import { daysOf, firstUnread } from "./message-groups.js";
import { messageRow } from "./message-row.js";
import { skeletons, skeletonStyles } from "./skeletons.js";

/** @typedef {import("../common/types").Message} Message */

const LOAD_WITHIN_PIXELS = 800;

/** Fires "edit-message" and "delete-message" (detail: it), "viewed" and "leave-list". */
export class MessageList extends LitElement {
  static properties = {
    roomId: {},
    isGroup: { type: Boolean },
    readSeq: { attribute: false },
    atBottom: { state: true },
    seenSeq: { state: true },
  };

  static styles = [
    tokens,
    controls,
    avatarStyles,
    skeletonStyles,
    messageStyles,
    messageListStyles,
  ];

  constructor() {
    super();
    this.roomId = "";
    this.isGroup = false;
    /** Up to where I had read; null: all, undefined: not known yet. @type {number | null | undefined} */
    this.readSeq = undefined;
    this.atBottom = true;
    /** The newest message that was in view. */
    this.seenSeq = 0;
    this.placed = false;
    /** @type {HeldView | null} */
    this.view = null;
    /** @type {import("./held-view.js").Anchor | null} */
    this.anchor = null;
    new KeepsFocus(this);
    this.changed = () => this.requestUpdate();
    this.resized = new ResizeObserver(() => {
      if (this.atBottom && !this.view?.wasScrolledUp) this.view?.toBottom();
    });
  }

  connectedCallback() {
    super.connectedCallback();
    this.log.addEventListener("change", this.changed);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.log.removeEventListener("change", this.changed);
    this.resized.disconnect();
  }

  get log() {
    return rooms.log(this.roomId);
  }

  firstUpdated() {
    const scroller = /** @type {HTMLElement} */ (this.renderRoot.querySelector(".scroll"));
    this.view = new HeldView(scroller);
    this.resized.observe(scroller);
    this.resized.observe(/** @type {Element} */ (scroller.firstElementChild));
  }

  willUpdate() {
    if (this.view?.wasScrolledUp) this.atBottom = this.view.isAtBottom;
    this.anchor = this.atBottom ? null : (this.view?.anchor() ?? null);
  }

  render() {
    const { log } = this;
    return html`<div
        class="scroll"
        role="log"
        aria-label=${words.messages}
        aria-busy=${log.loads.isBusy}
        @scroll=${this.#scrolled}
        @keydown=${this.#keyed}
        tabindex="0"
      >
        <div class="content">${this.#content()}</div>
      </div>
      ${this.#unreadPill()}${this.#latestPill()}`;
  }

  updated() {
    if (this.log.status !== "ready") return;
    if (!this.placed) {
      if (this.readSeq !== undefined) this.#place();
      return;
    }
    if (this.atBottom) this.#followEnd();
    else if (this.anchor) this.view?.hold(this.anchor);
    if (this.atBottom && !this.log.hasMoreAfter) this.seenSeq = this.log.newestSeq;
    this.#loadAround();
  }

  /** Somebody who looks at this list sees the newest message. */
  get showsNewest() {
    return this.placed && this.atBottom && !this.log.hasMoreAfter;
  }

  async focus() {
    await this.updateComplete;
    focusOn(this.renderRoot.querySelector(".scroll"));
  }

  /** The last message in view. */
  get lastInView() {
    const key = this.placed ? this.view?.lastKey : undefined;
    return this.log.messages.findLast(({ id, clientId }) => key === id || key === clientId);
  }

  /** To the newest message, also when it is not loaded. */
  async jumpToLatest() {
    await this.log.showLatest();
    await this.updateComplete;
    this.view?.toBottom();
    this.#scrolled();
  }

  #content() {
    const { log } = this;
    if (log.status === "new" || (!this.placed && this.readSeq === undefined)) return skeletons(6);
    const unread = firstUnread(log.messages, log.userId, this.readSeq ?? null, log.hasMoreBefore);
    const days = daysOf(log.messages, log.outgoing.items, log.userId, unread);
    if (days.length === 0) return html`<div class="blank"><p>${words.emptyRoom}</p></div>`;
    return html`${this.#above()}
    ${repeat(
      days,
      ({ day }) => day,
      ({ rows }) => html`<section class="day">
        <h3 class="date"><span>${dayTitle(rows[0].createdAt)}</span></h3>
        ${repeat(
          rows,
          ({ key }) => key,
          (row) => messageRow(row, this.#surroundings),
        )}
      </section>`,
    )}${this.#below()}`;
  }

  #above() {
    const problem = this.log.loads.problem("older");
    if (problem) return failed(problem, () => this.#loadAgain());
    return this.log.hasMoreBefore ? skeletons(2) : nothing;
  }

  #below() {
    const problem = this.log.loads.problem("newer") ?? this.log.problem;
    if (problem) return failed(problem, () => this.#loadAgain());
    return this.log.hasMoreAfter ? skeletons(2) : nothing;
  }

  #loadAgain() {
    this.log.catchUp();
    this.#loadAround();
  }

  /** @type {import("./message-row.js").Surroundings} */
  get #surroundings() {
    const tell = (/** @type {string} */ name) => (/** @type {Message} */ message) =>
      this.dispatchEvent(new CustomEvent(name, { detail: message }));
    return {
      isGroup: this.isGroup,
      isRead: (message) => this.log.isRead(message),
      edit: tell("edit-message"),
      remove: tell("delete-message"),
      retry: (clientId) => this.log.outgoing.retry(clientId),
      drop: (clientId) => this.log.outgoing.drop(clientId),
    };
  }

  #unreadPill() {
    const first = this.log.messages[0];
    const isFarBack =
      first && first.seq > (this.readSeq ?? Infinity) + 1 && this.log.hasMoreBefore;
    if (!isFarBack) return nothing;
    return html`<div class="pill unread">
      <button class="button" @click=${this.#jumpToUnread}>
        ${icon("arrow-up")}${words.jumpToUnread}
      </button>
    </div>`;
  }

  #latestPill() {
    if (this.atBottom && !this.log.hasMoreAfter) return nothing;
    const missed = this.log.newestSeq - this.seenSeq;
    return html`<div class="pill latest">
      <button class="button" aria-label=${words.jumpToLatest} @click=${this.jumpToLatest}>
        ${icon("arrow-down")}${missed > 0 ? words.countNew(missed) : words.jumpToLatest}
      </button>
    </div>`;
  }

  async #jumpToUnread() {
    await this.log.loadBackTo(this.readSeq ?? 0);
    await this.updateComplete;
    this.#showDivider();
    this.#scrolled();
  }

  #showDivider() {
    const divider = this.renderRoot.querySelector(".divider");
    if (divider) this.view?.show(divider);
  }

  /** As far as what is new begins, while nobody can be looking. */
  #followEnd() {
    this.view?.toBottom();
    if (document.visibilityState !== "hidden") return;
    this.#showDivider();
    this.atBottom = this.view?.isAtBottom ?? true;
  }

  /** The first view: at what is new, else at the end. */
  #place() {
    this.placed = true;
    this.seenSeq = this.readSeq ?? 0;
    this.view?.toBottom();
    this.#showDivider();
    this.#scrolled();
  }

  #scrolled() {
    this.view?.accept();
    this.atBottom = this.view?.isAtBottom ?? true;
    this.seenSeq = Math.max(this.seenSeq, this.lastInView?.seq ?? 0);
    this.dispatchEvent(new Event("viewed"));
    if (this.placed) this.#loadAround();
  }

  #loadAround() {
    const { view } = this;
    if (view && view.above < LOAD_WITHIN_PIXELS) this.log.loadOlder();
    if (view && view.below < LOAD_WITHIN_PIXELS) this.log.loadNewer();
  }

  /** @param {KeyboardEvent} event */
  #keyed(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    const row = target.closest(".row");
    if (event.defaultPrevented) return;
    if (event.key === "Enter" && target.matches(".bubble")) {
      event.preventDefault();
      focusOn(row?.querySelector(".action"));
    } else if (event.key === "Escape" && target.matches(".action")) {
      focusOn(row?.querySelector(".bubble"));
    } else if (event.key === "Escape") {
      this.dispatchEvent(new Event("leave-list"));
    } else if (event.key === "ArrowUp" && target.matches(".scroll")) {
      event.preventDefault();
      focusOn([...this.renderRoot.querySelectorAll(".bubble")].at(-1));
    } else if (target.matches(".bubble")) {
      moveFocus(event, ".bubble");
    }
  }
}

/** @param {Element | null | undefined} element */
function focusOn(element) {
  if (element instanceof HTMLElement) element.focus();
}

customElements.define("kabar-message-list", MessageList);
