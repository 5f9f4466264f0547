// Lists of rooms and of people.

import { css } from "../vendor/lit.js";

export const listStyles = css`
  ul {
    margin: 0;
    padding: 4px 8px 8px;
    list-style: none;
  }

  .item {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    grid-template-rows: 22px 20px;
    align-items: center;
    gap: 0 12px;
    width: 100%;
    padding: 9px 10px;
    border-radius: var(--round-control);
    color: inherit;
    text-align: start;
    text-decoration: none;
  }

  @media (hover: hover) {
    .item:hover {
      background: var(--hover);
    }
  }

  .item[aria-current="true"] {
    background: var(--accent-tint);
  }

  .item:focus-visible {
    outline-offset: -2px;
  }

  .item .avatar {
    grid-row: span 2;
  }

  /* What stands beside a text takes what it needs, and the text all the rest. */
  .line {
    display: flex;
    align-items: center;
    gap: 8px;
    min-width: 0;
  }

  .title,
  .under {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .title {
    font-weight: 550;
  }

  .under {
    font-size: 13px;
  }

  .person {
    grid-template-rows: 22px auto;
  }

  .person .line {
    flex-wrap: wrap;
    gap: 0 8px;
  }

  .unread .title {
    font-weight: 700;
  }

  .unread .under {
    color: var(--text);
  }

  .typing,
  .unread .typing {
    color: var(--accent-strong);
  }

  .draft {
    color: var(--danger);
  }

  .marks,
  .mention {
    flex: none;
    margin-inline-start: auto;
    color: var(--accent-strong);
    font-weight: 600;
  }

  .mention + .count {
    margin-inline-start: 0;
  }

  .count {
    flex: none;
    margin-inline-start: auto;
  }

  .note {
    flex: none;
    color: var(--quiet);
    font-size: 12px;
  }

  .marks {
    display: inline-flex;
    align-items: center;
    gap: 4px;
    font-size: 12px;
    font-variant-numeric: tabular-nums;
  }

  .marks span {
    display: inline-flex;
  }

  .marks .icon {
    width: 14px;
    height: 14px;
  }

  .archive {
    display: flex;
    align-items: center;
    gap: 12px;
    width: calc(100% - 16px);
    min-height: 44px;
    margin: 0 8px;
    padding: 0 10px;
    border-radius: var(--round-control);
    font-size: 14px;
    text-align: start;
  }

  .archive :nth-child(2) {
    flex: 1;
  }

  @media (hover: hover) {
    .archive:hover {
      background: var(--hover);
    }
  }

  .more {
    display: flex;
    margin: 4px auto 16px;
  }
`;
