// A field in which one looks for something, above what is found.

import { css } from "../vendor/lit.js";

export const searchStyles = css`
  .search {
    position: relative;
    padding: 4px 12px 8px;
  }

  .search .icon {
    position: absolute;
    inset-block-start: 50%;
    inset-inline-start: 22px;
    width: 18px;
    height: 18px;
    translate: 0 calc(-50% - 2px);
    color: var(--quiet);
    pointer-events: none;
  }

  .search input {
    padding-inline-start: 36px;
  }
`;
