// How reactions below a message look.

import { css } from "../vendor/lit.js";

export const reactionStyles = css`
  .reactions {
    display: flex;
    flex-wrap: wrap;
    gap: 4px;
    padding: 4px 0 2px;
  }

  .reaction {
    display: inline-flex;
    align-items: center;
    gap: 4px;
    min-height: 26px;
    padding: 0 8px;
    border: 1px solid var(--line);
    border-radius: 13px;
    background: var(--surface);
    font-size: 13px;
    -webkit-touch-callout: none;
    user-select: none;
  }

  .reaction:hover {
    background: var(--hover);
  }

  .reaction[aria-pressed="true"] {
    border-color: var(--accent);
    background: var(--accent-tint);
    color: var(--accent-strong);
    font-weight: 600;
  }

  .reaction .drawn {
    font-size: 15px;
  }

  .reaction .count {
    font-variant-numeric: tabular-nums;
  }

  @media (pointer: coarse) {
    .reaction {
      min-height: 36px;
      padding: 0 12px;
      border-radius: 18px;
    }
  }
`;
