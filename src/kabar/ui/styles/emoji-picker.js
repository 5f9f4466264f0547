// How emoji are chosen.

import { css } from "../vendor/lit.js";

export const emojiPickerStyles = css`
  dialog {
    width: min(372px, calc(100vw - 16px));
    padding: 12px;
  }

  form {
    display: grid;
    gap: 8px;
  }

  .all {
    height: min(320px, 45dvh);
    overflow-y: auto;
    overscroll-behavior: contain;
  }

  h2 {
    margin: 8px 4px 4px;
    color: var(--quiet);
    font-size: 12px;
    font-weight: 600;
  }

  h2::first-letter {
    text-transform: uppercase;
  }

  section {
    content-visibility: auto;
    contain-intrinsic-size: auto 640px;
  }

  .grid,
  .quick {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(40px, 1fr));
  }

  .quick {
    grid-template-columns: repeat(7, 1fr);
  }

  button {
    aspect-ratio: 1;
    min-height: 40px;
    border-radius: var(--round-control);
    font-size: 22px;
    line-height: 1;
  }

  button:hover {
    background: var(--hover);
  }

  button:focus-visible {
    outline-offset: -2px;
  }

  @media (max-width: 719px) {
    dialog {
      margin-block-end: 0;
      max-width: none;
      width: 100vw;
      border-end-start-radius: 0;
      border-end-end-radius: 0;
      padding-bottom: max(12px, env(safe-area-inset-bottom));
    }

    .grid {
      grid-template-columns: repeat(auto-fill, minmax(44px, 1fr));
    }
  }
`;
