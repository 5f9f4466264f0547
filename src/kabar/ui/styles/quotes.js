// How that which a message answers looks above it.

import { css } from "../vendor/lit.js";

export const quoteStyles = css`
  .quote {
    display: block;
    width: 100%;
    margin-bottom: 4px;
    padding: 2px 8px;
    border-inline-start: 3px solid var(--accent);
    border-radius: 3px;
    background: var(--hover);
    color: var(--quiet);
    font-size: 13px;
    text-align: start;
  }

  .mine .quote {
    background: light-dark(oklch(100% 0 0 / 55%), oklch(0% 0 0 / 18%));
  }

  .quote b {
    display: block;
    color: var(--accent-strong);
    font-weight: 600;
  }

  .quote span {
    display: -webkit-box;
    overflow: hidden;
    overflow-wrap: anywhere;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
  }

  .meta .text-button {
    color: inherit;
    font-size: inherit;
    font-weight: inherit;
  }
`;
