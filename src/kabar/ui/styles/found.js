// Messages that were found.

import { css } from "../vendor/lit.js";

export const foundStyles = css`
  :host {
    flex: 1;
    display: flex;
    flex-direction: column;
    min-height: 0;
  }

  .scroll {
    flex: 1;
    min-height: 0;
    overflow-y: auto;
    overscroll-behavior: contain;
  }

  .item {
    grid-template-rows: 22px auto;
  }

  .item .avatar {
    align-self: start;
  }

  .item .under {
    display: -webkit-box;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
    white-space: normal;
    overflow-wrap: anywhere;
  }

  .how {
    font-size: 13px;
  }

  mark {
    border-radius: 3px;
    background: var(--accent-tint);
    color: var(--text);
    font-weight: 600;
  }
`;
