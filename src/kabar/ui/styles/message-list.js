// The scrolling frame of the messages.

import { css } from "../vendor/lit.js";

export const messageListStyles = css`
  :host {
    position: relative;
    display: block;
    min-height: 0;
  }

  .scroll {
    height: 100%;
    overflow: hidden auto;
    overscroll-behavior: contain;
    /* The view is held by this element, alike in every browser. */
    overflow-anchor: none;
  }

  .content {
    display: flex;
    flex-direction: column;
    justify-content: flex-end;
    min-height: 100%;
    max-width: 1040px;
    margin: 0 auto;
    padding: 8px 16px 16px;
  }

  .pill {
    position: absolute;
    inset-inline: 0;
    z-index: 3;
    display: flex;
    justify-content: center;
    pointer-events: none;
  }

  .pill.latest {
    bottom: 12px;
  }

  .pill.unread {
    top: 12px;
  }

  .pill .button {
    border-color: var(--line);
    border-radius: 18px;
    background: var(--raised);
    box-shadow: var(--shadow);
    font-size: 13px;
    pointer-events: auto;
  }

  .pill .icon {
    width: 16px;
    height: 16px;
  }
`;
