// How those look whom one may mention.

import { css } from "../vendor/lit.js";

export const mentionStyles = css`
  :host {
    position: relative;
  }

  .choices {
    position: absolute;
    bottom: 100%;
    inset-inline: max(16px, calc(50% - 504px));
    z-index: 2;
    max-width: 400px;
    max-height: min(320px, 40vh);
    margin: 0 0 4px;
    padding: 4px;
    overflow-y: auto;
    overscroll-behavior: contain;
    border: 1px solid var(--line);
    border-radius: var(--round);
    background: var(--raised);
    box-shadow: var(--shadow);
    list-style: none;
  }

  .choices li {
    display: flex;
    align-items: center;
    gap: 8px;
    min-height: 40px;
    padding: 2px 8px;
    border-radius: var(--round-control);
    cursor: pointer;
  }

  .choices li[aria-selected="true"] {
    background: var(--accent-tint);
  }

  @media (hover: hover) {
    .choices li:not([aria-selected="true"]):hover {
      background: var(--hover);
    }
  }

  .choices .name,
  .choices .quiet {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .choices .name {
    flex: 0 1 auto;
    font-weight: 550;
  }

  .choices .quiet {
    flex: 1 1 0;
    min-width: 25%;
    font-size: 13px;
  }

  @media (pointer: coarse), (max-width: 719px) {
    .choices {
      inset-inline: 8px;
      max-width: none;
    }

    .choices li {
      min-height: 44px;
    }
  }
`;
