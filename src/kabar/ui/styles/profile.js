// How one person is shown.

import { css } from "../vendor/lit.js";

export const profileStyles = css`
  :host {
    display: block;
    height: 100%;
    overflow-y: auto;
  }

  :host > * {
    max-width: 640px;
    margin-inline: auto;
  }

  .back {
    display: var(--kabar-back, none);
    margin: 8px 8px 0;
  }

  .card {
    display: flex;
    flex-wrap: wrap;
    gap: 16px 24px;
    padding: 32px 24px 24px;
  }

  .who {
    flex: 1 1 240px;
    min-width: 0;
  }

  h1 {
    margin: 0;
    font-size: 28px;
    font-weight: 700;
    letter-spacing: -0.015em;
    line-height: 1.2;
    overflow-wrap: anywhere;
  }

  p {
    margin: 2px 0 0;
  }

  .note {
    display: inline-block;
    margin-inline-start: 6px;
    padding: 1px 7px;
    border-radius: 4px;
    background: var(--hover);
    font-size: 12px;
  }

  .bio {
    margin-top: 10px;
    white-space: pre-line;
    overflow-wrap: anywhere;
  }

  .counts {
    margin-top: 10px;
    font-variant-numeric: tabular-nums;
  }

  .actions {
    display: flex;
    gap: 8px;
    align-items: start;
    margin-top: 16px;
  }
`;
