// How it looks where a message is forwarded to.

import { css } from "../vendor/lit.js";

export const forwardStyles = css`
  .search {
    padding-inline: 0;
  }

  .search .icon {
    inset-inline-start: 10px;
  }

  ul {
    max-height: min(360px, 45dvh);
    margin: 8px -8px 0;
    padding: 0 8px;
    overflow-y: auto;
    list-style: none;
  }

  label {
    display: flex;
    align-items: center;
    gap: 12px;
    min-height: 48px;
    padding: 0 8px;
    margin: 0 -8px;
    border-radius: var(--round-control);
    cursor: pointer;
  }

  label:hover {
    background: var(--hover);
  }

  label span:last-child {
    flex: 1;
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  li input {
    width: 18px;
    height: 18px;
    min-height: 0;
    margin: 0;
    flex: none;
    accent-color: var(--accent);
  }
`;
