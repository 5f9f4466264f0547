// How the line below a message looks that a thread hangs on, and the thread beside the room.

import { css } from "../vendor/lit.js";

export const threadStyles = css`
  .thread {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    max-width: 100%;
    min-height: 30px;
    margin: 2px 0;
    padding: 0 10px;
    border-radius: 15px;
    color: var(--accent-strong);
    font-size: 13px;
    white-space: nowrap;
  }

  .thread:hover {
    background: var(--hover);
  }

  .thread b {
    font-weight: 600;
  }

  .thread .icon {
    width: 16px;
    height: 16px;
  }

  .thread .quiet {
    overflow: hidden;
    text-overflow: ellipsis;
  }

  .thread.unread {
    background: var(--accent-tint);
  }

  @media (pointer: coarse) {
    .thread {
      min-height: 40px;
      padding: 0 14px;
      border-radius: 20px;
    }
  }
`;

/** On top of those of a room: nothing is pinned above a thread. */
export const threadPaneStyles = css`
  :host {
    grid-template-rows: auto minmax(0, 1fr) auto;
  }

  kabar-message-list {
    grid-row: 2;
  }

  .close {
    display: var(--kabar-close, inline-grid);
  }
`;
