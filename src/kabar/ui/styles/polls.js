// How polls look: options with a bar below each, as long as its share.

import { css } from "../vendor/lit.js";

export const pollStyles = css`
  :host {
    display: block;
    width: 340px;
    max-width: 100%;
  }

  p {
    margin: 0;
  }

  .question {
    font-weight: 600;
    overflow-wrap: anywhere;
  }

  .options {
    display: grid;
    gap: 2px;
    margin: 8px -6px 6px;
  }

  .option {
    display: grid;
    grid-template-columns: auto 1fr auto;
    align-items: center;
    gap: 4px 8px;
    width: 100%;
    min-height: 40px;
    padding: 4px 6px;
    border-radius: var(--round-control);
    text-align: start;
  }

  .option:hover {
    background: var(--hover);
  }

  .option[aria-disabled="true"] {
    background: none;
    cursor: default;
  }

  .mark {
    display: grid;
    place-items: center;
    width: 18px;
    height: 18px;
    border: 1.5px solid var(--control-line);
    border-radius: 50%;
  }

  .mark.several {
    border-radius: 4px;
  }

  .option[aria-pressed="true"] .mark {
    border-color: var(--accent);
    background: var(--accent);
    color: var(--on-accent);
  }

  .mark .icon {
    width: 14px;
    height: 14px;
    stroke-width: 2.5;
  }

  .label {
    min-width: 0;
    overflow-wrap: anywhere;
  }

  .option[aria-pressed="true"] .label {
    font-weight: 600;
  }

  .share {
    color: var(--quiet);
    font-size: 13px;
    font-variant-numeric: tabular-nums;
  }

  .bar {
    grid-column: 2 / -1;
    height: 4px;
    border-radius: 2px;
    background: var(--line);
  }

  .bar span {
    display: block;
    height: 100%;
    border-radius: 2px;
    background: var(--accent);
    transition: width var(--motion);
  }

  .below {
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
    gap: 2px 12px;
  }

  @media (pointer: coarse) {
    .option {
      min-height: 48px;
    }
  }
`;
