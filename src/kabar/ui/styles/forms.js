// Forms: a label, its field, and below it what is wrong with it, or what helps to fill it in.

import { css } from "../vendor/lit.js";

export const formStyles = css`
  form {
    display: grid;
    gap: 14px;
  }

  .field {
    display: grid;
    gap: 4px;
  }

  label {
    font-size: 14px;
    font-weight: 550;
  }

  .control {
    position: relative;
  }

  .control .text-button {
    position: absolute;
    inset-block: 0;
    inset-inline-end: 12px;
    margin-block: auto;
    height: 28px;
  }

  .control:has(.text-button) input {
    padding-inline-end: 64px;
  }

  .field > span:empty,
  form > .error:empty {
    display: none;
  }

  .choice {
    display: grid;
    grid-template-columns: auto 1fr;
    align-items: center;
    gap: 0 8px;
  }

  .choice input {
    width: 18px;
    height: 18px;
    min-height: 0;
    margin: 0;
    accent-color: var(--accent);
  }

  .choice .quiet {
    grid-column: 2;
  }

  .send {
    display: flex;
    align-items: center;
    gap: 12px;
  }

  .done {
    color: var(--quiet);
    font-size: 13px;
  }

  @media (pointer: coarse), (max-width: 719px) {
    .choice {
      min-height: 44px;
    }

    .choice input {
      width: 22px;
      height: 22px;
    }
  }
`;
