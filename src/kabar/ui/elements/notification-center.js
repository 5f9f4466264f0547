// The list of notifications: seen when it opens, read when one is followed.

import { base } from "../common/api.js";
import { Follows } from "../common/store.js";
import { briefly, inFull } from "../common/times.js";
import { today } from "../common/today.js";
import { threadWords } from "../common/thread-words.js";
import { isolated, words } from "../common/words.js";
import { notifications } from "../store/notifications.js";
import { rooms } from "../store/rooms.js";
import { session } from "../store/session.js";
import { avatarStyles } from "../styles/avatar.js";
import { controls } from "../styles/controls.js";
import { tokens } from "../styles/tokens.js";
import { css, html, LitElement, nothing, repeat } from "../vendor/lit.js";
import { Acts, failed } from "./acts.js";
import { avatar } from "./avatar.js";
import { KeepsFocus, moveFocus } from "./focus.js";
import { icon } from "./icon.js";
import { signedOut } from "./signed-out.js";
import { skeletons, skeletonStyles } from "./skeletons.js";
import { sentence } from "./text.js";

/** @typedef {import("../common/types").Notification} Notification */

/** `<kabar-notification-center>` */
class NotificationCenter extends LitElement {
  static properties = {
    closable: { type: Boolean },
  };

  static styles = [
    tokens,
    controls,
    avatarStyles,
    skeletonStyles,
    css`
      :host {
        display: flex;
        flex-direction: column;
        max-height: inherit;
      }

      header {
        display: flex;
        align-items: center;
        gap: 8px;
        min-height: 56px;
        padding: 8px 8px 8px 16px;
        border-bottom: 1px solid var(--line);
      }

      :is(h1, h2) {
        flex: 1;
        margin: 0;
        font-size: 17px;
        font-weight: 650;
        outline: none;
      }

      .scroll {
        flex: 1;
        overflow-y: auto;
        overscroll-behavior: contain;
      }

      ul {
        margin: 0;
        padding: 4px;
        list-style: none;
      }

      .item {
        display: grid;
        grid-template-columns: auto 1fr auto;
        gap: 2px 12px;
        align-items: center;
        padding: 10px 12px;
        border-radius: var(--round-control);
        color: inherit;
        text-decoration: none;
      }

      @media (hover: hover) {
        .item:hover {
          background: var(--hover);
        }
      }

      .item:focus-visible {
        outline-offset: -2px;
      }

      .avatar {
        grid-row: span 2;
        align-self: start;
      }

      .title {
        overflow-wrap: anywhere;
      }

      .unread .title {
        font-weight: 600;
      }

      .body {
        grid-column: 2 / -1;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }

      time {
        align-self: start;
        line-height: 1.7;
        font-variant-numeric: tabular-nums;
        white-space: nowrap;
      }

      .dot {
        display: inline-block;
        width: 8px;
        height: 8px;
        margin-inline-start: 6px;
        border-radius: 50%;
        background: var(--accent);
      }

      .all {
        display: grid;
        place-items: center;
        min-height: 44px;
        border-top: 1px solid var(--line);
        font-size: 14px;
        font-weight: 550;
        text-decoration: none;
      }

      .all:hover {
        background: var(--hover);
      }

      .all:focus-visible {
        outline-offset: -2px;
      }

      .more {
        display: block;
        margin: 8px auto 16px;
      }
    `,
  ];

  constructor() {
    super();
    this.closable = false;
    this.acts = new Acts(this);
    new KeepsFocus(this);
    new Follows(this, notifications, rooms, session, today);
    notifications.begin();
  }

  updated() {
    if (notifications.loaded && document.visibilityState === "visible") {
      notifications.see();
    }
  }

  render() {
    return html`<header>
        ${this.closable
          ? html`<h2 tabindex="-1">${words.notifications}</h2>`
          : html`<h1 tabindex="-1">${words.notifications}</h1>`}
        ${notifications.unread
          ? html`<button class="text-button" @click=${this.#readAll}>
              ${words.markAllRead}
            </button>`
          : nothing}
        ${this.closable
          ? html`<button class="icon-button" aria-label=${words.close} @click=${this.#close}>
              ${icon("x")}
            </button>`
          : nothing}
      </header>
      ${this.acts.notice}
      <div class="scroll">${this.#list()}</div>
      ${this.closable && session.status !== "out"
        ? html`<a class="all" href=${new URL("notifications", base).href}>${words.seeAll}</a>`
        : nothing}`;
  }

  /** Also before it is drawn for the first time. */
  async focus() {
    if (!this.hasUpdated) await this.updateComplete;
    /** @type {HTMLElement | null} */ (this.renderRoot.querySelector("h1, h2"))?.focus();
  }

  #list() {
    const { list, loaded, cursor } = notifications;
    if (session.status === "out") return signedOut();
    if (!loaded && notifications.problem) {
      return failed(notifications.problem, () => notifications.catchUp());
    }
    if (!loaded) return skeletons(5);
    if (list.length === 0) {
      return html`<div class="blank">
        ${icon("bell")}
        <p>${words.noNotifications}<br />${words.noNotificationsHint}</p>
      </div>`;
    }
    return html`<ul @keydown=${(/** @type {KeyboardEvent} */ event) => moveFocus(event, ".item")}>
        ${repeat(list, ({ id }) => id, (each) => item(each, this.acts))}
      </ul>
      ${cursor
        ? html`<button class="button more" ?disabled=${this.acts.isBusy} @click=${this.#more}>
            ${words.more}
          </button>`
        : nothing}`;
  }

  #readAll() {
    return this.acts.do(() => notifications.readAll());
  }

  #more() {
    return this.acts.do(() => notifications.loadMore());
  }

  #close() {
    this.dispatchEvent(new Event("close"));
  }
}

/** With the name isolated, and the group that it was said in. @param {Notification} notification */
function titled({ type, actor, title, data }) {
  const isOfThem = actor && title.startsWith(actor.name);
  const name = isOfThem ? isolated(actor.name) + title.slice(actor.name.length) : title;
  const text = type === "new-reply" && name ? threadWords.said(name) : name;
  const room = data.roomId ? rooms.known(data.roomId) : null;
  return room?.type === "GROUP" && room.name ? words.inGroup(text, room.name) : text;
}

/** @param {Notification} notification @param {Acts} acts */
function item(notification, acts) {
  const { actor, title, body, link, readAt, count } = notification;
  const moment = notification.updatedAt ?? notification.createdAt;
  return html`<li>
    <a
      class="item ${readAt ? "" : "unread"}"
      href=${link || "#"}
      @click=${() => acts.do(() => notifications.read(notification))}
    >
      ${avatar(actor ?? { id: notification.id, name: title, avatar: null })}
      <span class="title">
        ${sentence(titled(notification))}${count > 1 ? html` <span class="badge calm">${count}</span>` : nothing}
      </span>
      <time class="quiet" datetime=${moment} title=${inFull(moment)}>
        ${briefly(moment)}${readAt
          ? nothing
          : html`<span class="dot" role="img" aria-label=${words.unreadMark}></span>`}
      </time>
      ${body ? html`<span class="body quiet" dir="auto">${body}</span>` : nothing}
    </a>
  </li>`;
}

customElements.define("kabar-notification-center", NotificationCenter);
