// The frame of an open room.

import { css } from "../vendor/lit.js";

export const roomStyles = css`
  :host {
    position: relative;
    display: grid;
    /* No wider than the window, however long a name in the header is. */
    grid-template-columns: minmax(0, 1fr);
    grid-template-rows: auto auto minmax(0, 1fr) auto;
    height: 100%;
    min-width: 0;
  }

  header {
    display: flex;
    align-items: center;
    gap: 8px;
    min-height: 56px;
    padding: 6px 12px 6px 16px;
    border-bottom: 1px solid var(--line);
    background: var(--surface);
  }

  kabar-message-list {
    grid-row: 3;
  }

  .back {
    display: var(--kabar-back, none);
    margin-inline-start: -8px;
  }

  .who {
    flex: 1;
    min-width: 0;
    margin-inline-start: 4px;
  }

  h1 {
    margin: 0;
    overflow: hidden;
    font-size: 15px;
    font-weight: 650;
    line-height: 1.3;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .who a {
    display: block;
    overflow: hidden;
    text-decoration: none;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .who a:hover {
    text-decoration: underline;
  }

  .set {
    text-align: end;
  }

  /* On a line of its own where there is no place for it beside the name. */
  @media (max-width: 719px) {
    header {
      flex-wrap: wrap;
    }

    .set {
      order: 1;
      flex-basis: 100%;
      text-align: start;
    }
  }

  .drop {
    position: absolute;
    inset: 8px;
    z-index: 3;
    display: flex;
    align-items: center;
    justify-content: center;
    gap: 8px;
    border: 2px dashed var(--accent);
    border-radius: var(--round);
    background: var(--accent-wash);
    color: var(--accent-strong);
    font-weight: 600;
    pointer-events: none;
  }

  :host > .blank {
    grid-row: 2 / -1;
  }

  .silent {
    margin: 0;
    padding: 16px 20px max(16px, env(safe-area-inset-bottom));
    border-top: 1px solid var(--line);
    background: var(--surface);
    color: var(--quiet);
    text-align: center;
  }

  .foot {
    display: flex;
    gap: 8px;
    align-items: center;
    min-width: 0;
  }

  .to-mention {
    flex: none;
    margin-inline-start: auto;
  }

  .typing {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    color: var(--quiet);
    font-size: 13px;
  }

  .closed {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: center;
    gap: 8px 16px;
    padding: 12px 16px calc(12px + env(safe-area-inset-bottom));
    border-top: 1px solid var(--line);
    background: var(--surface);
    color: var(--quiet);
    overflow-wrap: anywhere;
  }
`;
