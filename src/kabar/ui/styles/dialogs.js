// Dialogs: what has to be answered before one goes on.

import { css } from "../vendor/lit.js";

export const dialogStyles = css`
  dialog {
    width: min(420px, calc(100vw - 32px));
    padding: 24px;
    border: 1px solid var(--line);
    border-radius: var(--round);
    background: var(--raised);
    color: var(--text);
    box-shadow: var(--shadow);
  }

  dialog[open] {
    animation: appear var(--motion);
  }

  dialog::backdrop {
    background: oklch(15% 0.02 200 / 45%);
  }

  @keyframes appear {
    from {
      opacity: 0;
      translate: 0 6px;
    }
  }

  h2 {
    margin: 0 0 8px;
    font-size: 17px;
    font-weight: 650;
  }

  p {
    margin: 0;
  }

  .choices {
    display: flex;
    flex-wrap: wrap;
    justify-content: flex-end;
    gap: 8px;
    margin-top: 24px;
  }
`;
