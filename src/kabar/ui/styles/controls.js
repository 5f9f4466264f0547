// What one presses and fills in: buttons, fields, badges; and what a pane shows while it is empty.

import { css } from "../vendor/lit.js";

export const controls = css`
  button {
    font: inherit;
    color: inherit;
    border: 0;
    background: none;
    padding: 0;
    cursor: pointer;
    touch-action: manipulation;
    -webkit-tap-highlight-color: transparent;
  }

  a {
    color: var(--accent-strong);
    -webkit-tap-highlight-color: transparent;
  }

  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 8px;
    min-height: 36px;
    padding: 0 14px;
    border: 1px solid var(--control-line);
    border-radius: var(--round-control);
    background: var(--surface);
    color: var(--text);
    font-size: 14px;
    font-weight: 550;
    white-space: nowrap;
    text-decoration: none;
    transition: background var(--motion);
  }

  .button:hover {
    background: var(--hover);
  }

  .button.primary {
    border-color: transparent;
    background: var(--accent);
    color: var(--on-accent);
  }

  .button.primary:hover {
    background: var(--accent-strong);
  }

  .button.destroys {
    border-color: transparent;
    background: var(--danger-fill);
    color: white;
  }

  .button:disabled {
    opacity: 0.55;
    cursor: default;
  }

  .icon-button {
    position: relative;
    display: inline-grid;
    place-items: center;
    flex: none;
    width: 36px;
    height: 36px;
    border-radius: var(--round-control);
    color: var(--quiet);
    transition: background var(--motion), color var(--motion);
  }

  .icon-button:hover,
  .icon-button[aria-expanded="true"] {
    background: var(--hover);
    color: var(--text);
  }

  .icon-button[aria-pressed="true"] {
    color: var(--accent-strong);
  }

  .text-button {
    color: var(--accent-strong);
    font-size: 13px;
    font-weight: 550;
    white-space: nowrap;
    border-radius: 4px;
  }

  .text-button:hover {
    text-decoration: underline;
  }

  input,
  textarea {
    width: 100%;
    min-height: 40px;
    padding: 8px 12px;
    border: 1px solid var(--control-line);
    border-radius: var(--round-control);
    background: var(--surface);
    color: var(--text);
    font: inherit;
  }

  input:focus-visible,
  textarea:focus-visible {
    outline-offset: -1px;
  }

  :is(input, textarea)[aria-invalid="true"] {
    border-color: var(--danger);
  }

  ::placeholder {
    color: var(--quiet);
    opacity: 1;
  }

  .badge {
    min-width: 20px;
    height: 20px;
    padding: 0 6px;
    border-radius: 10px;
    background: var(--accent);
    color: var(--on-accent);
    font: 650 12px / 20px var(--font);
    font-variant-numeric: tabular-nums;
    text-align: center;
  }

  .badge.calm {
    background: var(--quiet);
    color: var(--surface);
  }

  .error {
    color: var(--danger);
    font-size: 13px;
  }

  .notice {
    display: flex;
    align-items: center;
    gap: 8px;
    padding: 4px 8px;
    border-radius: var(--round-control);
    background: var(--danger-tint);
  }

  .notice .icon {
    width: 16px;
    height: 16px;
  }

  .blank {
    display: grid;
    justify-items: center;
    align-content: center;
    gap: 12px;
    height: 100%;
    padding: 32px 24px;
    color: var(--quiet);
    text-align: center;
  }

  .blank > .icon {
    width: 32px;
    height: 32px;
    opacity: 0.7;
  }

  .blank p {
    max-width: 36ch;
    margin: 0;
    text-wrap: balance;
  }

  /* Where the system chooses the colours, what only a colour says is outlined. */
  @media (forced-colors: active) {
    [aria-current]:not([aria-current="false"]),
    [aria-selected="true"],
    [aria-pressed="true"],
    .button.primary {
      outline: 2px solid Highlight;
      outline-offset: -2px;
    }

    .badge,
    .dot {
      border: 1px solid;
      forced-color-adjust: none;
      background: Highlight;
      color: HighlightText;
    }
  }

  @media (pointer: coarse), (max-width: 719px) {
    .button,
    .icon-button,
    input {
      min-height: 44px;
    }

    .icon-button {
      width: 44px;
      height: 44px;
    }

    .text-button {
      min-height: 32px;
      padding: 0 4px;
    }

    /* Below 16px, phones zoom into a field. */
    input,
    textarea {
      font-size: 16px;
    }
  }
`;
