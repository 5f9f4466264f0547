// The messages of a room, in a view that stays where one reads while others come.

import { Follows } from "../common/store.js";
import { today } from "../common/today.js";
import { words } from "../common/words.js";
import { rooms } from "../store/rooms.js";
import { avatarStyles } from "../styles/avatar.js";
import { controls } from "../styles/controls.js";
import { messageListStyles } from "../styles/message-list.js";
import { tokens } from "../styles/tokens.js";
import { html, LitElement } from "../vendor/lit.js";
import { failed } from "./acts.js";
import { KeepsFocus } from "./focus.js";
import { Folding } from "./folding.js";
import { FollowsLog } from "./follows-log.js";
import { HeldView } from "./held-view.js";
import { beyond, messageDays } from "./message-days.js";
import { daysOf, firstUnread } from "./message-groups.js";
import { focusOn, leavesByKey } from "./message-keys.js";
import { pills } from "./message-pills.js";
import { skeletons, skeletonStyles } from "./skeletons.js";
import { Stretch } from "./stretch.js";

const DRAW_WITHIN_PIXELS = 800;

/** Fires "message-act" (detail: a `Wish`), "viewed" and "leave-list". */
export class MessageList extends LitElement {
  static properties = {
    roomId: {},
    /** The message that the thread hangs on whose messages these are; "": those of the room. */
    threadId: {},
    /** The message that is shown, instead of where one left off. */
    messageId: {},
    isGroup: { type: Boolean },
    readSeq: { attribute: false },
    /** Why the conversation is not there; what was written stays in view. */
    problem: { attribute: false },
    foundId: { state: true },
    atBottom: { state: true },
    seenSeq: { state: true },
  };

  static styles = [tokens, controls, avatarStyles, skeletonStyles, messageListStyles];

  constructor() {
    super();
    this.roomId = "";
    this.threadId = "";
    this.messageId = "";
    /** The one that stands out. */
    this.foundId = "";
    this.isGroup = false;
    /** @type {import("../common/api.js").Problem | null} */
    this.problem = null;
    /** Up to where I had read; null: all, undefined: not known yet. @type {number | null | undefined} */
    this.readSeq = undefined;
    /** The end of the conversation is in view. */
    this.atBottom = true;
    /** The newest message that was in view. */
    this.seenSeq = 0;
    this.placed = false;
    this.stretch = new Stretch();
    /** @type {HeldView | null} */
    this.view = null;
    /** @type {import("./held-view.js").Anchor | null} */
    this.anchor = null;
    new KeepsFocus(this);
    new Follows(this, today);
    this.folding = new Folding(this);
    new FollowsLog(this);
    this.resized = new ResizeObserver(() => {
      if (this.atBottom && !this.view?.wasScrolledUp) this.view?.toBottom();
    });
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.resized.disconnect();
  }

  get log() {
    return rooms.log(this.roomId, this.threadId);
  }

  /** The divider stands before it. */
  get unread() {
    const { messages, userId, hasMoreBefore } = this.log;
    return firstUnread(messages, this.folding.counts(userId), this.readSeq ?? null, hasMoreBefore);
  }

  /** Nothing that was said comes after what is drawn. */
  get #endIsDrawn() {
    return !this.log.hasMoreAfter && this.stretch.endsWith(this.log.messages);
  }

  firstUpdated() {
    const scroller = /** @type {HTMLElement} */ (this.renderRoot.querySelector(".scroll"));
    this.view = new HeldView(scroller);
    this.resized.observe(scroller);
    this.resized.observe(/** @type {Element} */ (scroller.firstElementChild));
  }

  willUpdate() {
    const { view, stretch } = this;
    const { messages } = this.log;
    if (!this.placed) {
      if (this.unread) stretch.showAround(messages, this.unread.seq);
      return;
    }
    if (view?.wasScrolledUp) this.atBottom = view.isAtBottom && this.#endIsDrawn;
    this.anchor = this.atBottom ? null : (view?.anchor() ?? null);
    stretch.fit(messages, !this.atBottom && view !== null && view.above < view.below);
  }

  render() {
    return html`<div
        class="scroll"
        role="log"
        aria-label=${words.messages}
        aria-live=${this.atBottom ? "polite" : "off"}
        aria-busy=${this.log.loads.isBusy}
        @scroll=${this.#scrolled}
        @keydown=${this.#keyed}
        tabindex="0"
      >
        <div class="content">${this.#content()}</div>
      </div>
      <div class="foot"><slot></slot>${this.#pills()}</div>`;
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    if (this.log.status !== "ready") return;
    if (!this.placed) {
      if (this.readSeq !== undefined) this.#place();
      return;
    }
    if (this.atBottom) this.#followEnd();
    else if (this.anchor) this.view?.hold(this.anchor);
    this.#see();
    if (changed.has("messageId") && this.messageId) this.jumpTo(this.messageId);
    this.#drawAround();
  }

  /** Somebody who looks at this list sees the newest message. */
  get showsNewest() {
    return this.placed && this.atBottom;
  }

  async focus() {
    await this.updateComplete;
    this.view?.scroller.focus();
  }

  /** The last message in view. */
  get lastInView() {
    const key = this.placed ? this.view?.lastKey : undefined;
    return this.log.messages.findLast(({ id, clientId }) => key === id || key === clientId);
  }

  /** To the newest message, also when it is not loaded. */
  async jumpToLatest() {
    await this.log.showLatest();
    this.stretch.showEnd(this.log.messages);
    this.anchor = null;
    this.atBottom = this.#endIsDrawn;
    this.requestUpdate();
    await this.updateComplete;
    this.view?.toBottom();
    this.#scrolled();
  }

  #content() {
    const { log, stretch } = this;
    if (this.problem || log.status === "new" || (!this.placed && this.readSeq === undefined)) {
      const written = daysOf([], log.outgoing.items, log.userId, null);
      return html`${this.problem ? failed(this.problem, this.#ask) : skeletons(6)}
      ${messageDays(written, this.#surroundings)}`;
    }
    const { messages, loads } = log;
    const unsent = this.#endIsDrawn ? log.outgoing.items : [];
    const days = daysOf(stretch.of(messages), unsent, log.userId, this.unread);
    if (days.length === 0) return html`<div class="blank"><p>${words.emptyRoom}</p></div>`;
    const again = () => log.catchUp().then(() => this.#drawAround());
    const isFirst = stretch.beginsWith(messages);
    const after = loads.problem("newer") ?? loads.problem("around") ?? log.problem;
    return html`${beyond(isFirst ? loads.problem("older") : null, log.hasMoreBefore, again)}
    ${messageDays(days, this.#surroundings)}${beyond(after, log.hasMoreAfter, again)}`;
  }

  #ask = () => this.dispatchEvent(new Event("ask-again"));

  /** @type {import("./message-row.js").Surroundings} */
  get #surroundings() {
    return {
      isGroup: this.isGroup,
      foundId: this.foundId,
      ...this.folding.surroundings,
      log: this.log,
      act: (wish) => this.dispatchEvent(new CustomEvent("message-act", { detail: wish })),
    };
  }

  #pills() {
    const first = this.stretch.of(this.log.messages)[0];
    const isFarBack = first && first.seq > (this.unread?.seq ?? (this.readSeq ?? Infinity) + 1);
    return pills({
      toUnread: this.placed && isFarBack ? () => this.#jumpToUnread() : null,
      toLatest: this.atBottom ? null : () => this.jumpToLatest(),
      missed: this.log.newestSeq - this.seenSeq,
    });
  }

  async #jumpToUnread() {
    const seq = (this.readSeq ?? 0) + 1;
    await this.log.showAround({ seq });
    await this.#draw(this.unread?.seq ?? seq);
    this.#showDivider();
    this.#scrolled();
  }

  /** To a message, which stands out then. @param {string} id */
  async jumpTo(id) {
    this.foundId = id;
    await this.log.showAround({ id });
    const message = this.log.messages.find((each) => each.id === id);
    if (!message) return;
    await this.#draw(message.seq);
    const bubble = this.renderRoot.querySelector(".found .bubble");
    if (bubble) this.view?.show(bubble);
    focusOn(bubble);
    this.#scrolled();
  }

  /** Draws what is around a message; what is in view then is shown somewhere else. @param {number} seq */
  async #draw(seq) {
    this.stretch.showAround(this.log.messages, seq);
    this.atBottom = false;
    this.requestUpdate();
    await this.updateComplete;
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
    if (this.messageId) this.jumpTo(this.messageId);
  }

  #scrolled() {
    if (!this.placed) return;
    this.view?.scrolled();
    this.atBottom = Boolean(this.view?.isAtBottom) && this.#endIsDrawn;
    this.#see();
    this.dispatchEvent(new Event("viewed"));
    this.#drawAround();
  }

  /** What is in view is no longer counted as new. */
  #see = () => (this.seenSeq = Math.max(this.seenSeq, this.lastInView?.seq ?? 0));

  /** More of what is loaded, or else loads more, before somebody scrolls to the end of it. */
  #drawAround() {
    const { view, stretch, log } = this;
    if (!view) return;
    if (view.above < DRAW_WITHIN_PIXELS) {
      if (stretch.up(log.messages)) this.requestUpdate();
      else log.loadOlder();
    }
    if (view.below < DRAW_WITHIN_PIXELS) {
      if (stretch.down(log.messages)) this.requestUpdate();
      else log.loadNewer();
    }
  }

  /** @param {KeyboardEvent} event */
  #keyed(event) {
    if (leavesByKey(event)) this.dispatchEvent(new CustomEvent("leave-list"));
  }
}

customElements.define("kabar-message-list", MessageList);
