// How a picture looks that fills the window.

import { css } from "../vendor/lit.js";

export const viewerStyles = css`
  dialog {
    width: 100vw;
    max-width: none;
    height: 100dvh;
    max-height: none;
    margin: 0;
    padding: 0;
    border: 0;
    background: oklch(16% 0.008 200 / 96%);
    color: oklch(95% 0.005 195);
  }

  dialog[open] {
    display: grid;
    grid-template-rows: auto minmax(0, 1fr);
  }

  dialog::backdrop {
    background: none;
  }

  header {
    display: flex;
    align-items: center;
    gap: 8px;
    padding: 8px 12px;
  }

  .name {
    flex: 1;
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .count {
    font-variant-numeric: tabular-nums;
  }

  .icon-button {
    width: 44px;
    height: 44px;
    color: inherit;
  }

  .icon-button:hover {
    background: oklch(100% 0 0 / 14%);
    color: inherit;
  }

  .icon-button[aria-disabled="true"] {
    opacity: 0.3;
    cursor: default;
  }

  .stage {
    display: grid;
    place-items: center;
    min-height: 0;
    padding: 0 8px max(12px, env(safe-area-inset-bottom));
  }

  img {
    width: auto;
    height: auto;
    max-width: 100%;
    max-height: 100%;
    min-height: 0;
    object-fit: contain;
    background-position: center;
    background-size: 100% 100%;
  }

  .step {
    position: absolute;
    top: calc(50% - 22px);
    background: oklch(16% 0.008 200 / 60%);
  }

  .before {
    left: 8px;
  }

  .after {
    right: 8px;
  }
`;
