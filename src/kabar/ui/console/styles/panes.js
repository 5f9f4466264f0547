// What the console's panes have in common: headings, numbers, tables, payloads.

import { css } from "../../vendor/lit.js";

export const panes = css`
  :host {
    display: block;
  }

  h1 {
    margin: 0;
    font-size: 20px;
    font-weight: 700;
    letter-spacing: -0.01em;
    overflow-wrap: anywhere;
  }

  h2 {
    margin: 24px 0 8px;
    font-size: 15px;
    font-weight: 650;
  }

  p {
    margin: 0;
  }

  .head {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px 16px;
    margin-bottom: 16px;
  }

  .head h1 {
    flex: 1;
  }

  .head .search {
    flex: 0 1 320px;
  }

  .card {
    border: 1px solid var(--line);
    border-radius: var(--round);
    background: var(--surface);
    overflow: hidden;
  }

  .card > .blank {
    min-height: 160px;
    height: auto;
  }

  .padded {
    padding: 16px;
  }

  table {
    width: 100%;
    border-collapse: collapse;
    font-size: 14px;
    font-variant-numeric: tabular-nums;
    table-layout: fixed;
  }

  :is(th, td) {
    padding: 9px 8px;
    border-top: 1px solid var(--line);
    font-weight: 400;
    text-align: start;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  :is(th, td):first-child {
    padding-inline-start: 16px;
  }

  :is(th, td):last-child {
    padding-inline-end: 16px;
  }

  thead th {
    border-top: 0;
    color: var(--quiet);
    font-size: 13px;
  }

  .number {
    text-align: end;
  }

  .wraps {
    white-space: normal;
    overflow-wrap: anywhere;
  }

  .mono,
  pre {
    font-family: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, monospace;
    font-size: 13px;
  }

  td a,
  th a {
    font-weight: 550;
    text-decoration: none;
  }

  td a:hover,
  th a:hover {
    text-decoration: underline;
  }

  pre {
    max-height: 320px;
    margin: 0;
    padding: 12px 16px;
    overflow: auto;
    border-radius: var(--round-control);
    background: var(--ground);
    white-space: pre-wrap;
    overflow-wrap: anywhere;
    tab-size: 2;
  }

  .tag {
    display: inline-block;
    padding: 0 8px;
    border-radius: 10px;
    background: var(--hover);
    color: var(--quiet);
    font-size: 12px;
    font-weight: 550;
    line-height: 20px;
    white-space: nowrap;
  }

  .tag.accent {
    background: var(--accent-tint);
    color: var(--accent-strong);
  }

  .tag.wait {
    background: var(--wait-tint);
    color: var(--wait);
  }

  .tag.danger {
    background: var(--danger-tint);
    color: var(--danger);
  }

  .foot {
    margin-top: 8px;
  }

  dl {
    display: grid;
    grid-template-columns: max-content minmax(0, 1fr);
    gap: 8px 24px;
    margin: 0;
    font-size: 14px;
  }

  dt {
    color: var(--quiet);
  }

  dd {
    margin: 0;
    overflow-wrap: anywhere;
  }

  .names {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 20px;
    margin: 0;
    padding: 0;
    list-style: none;
    font-size: 14px;
  }

  .names li {
    max-width: 100%;
    overflow-wrap: anywhere;
  }

  .back {
    display: inline-flex;
    align-items: center;
    gap: 4px;
    min-height: 32px;
    font-size: 14px;
    font-weight: 550;
    text-decoration: none;
  }

  .back .icon {
    width: 18px;
    height: 18px;
  }

  @media (max-width: 719px) {
    .wide {
      display: none;
    }

    .head .search {
      flex: 1 0 100%;
    }

    .back {
      min-height: 44px;
    }

    :is(td, tbody th) {
      padding-block: 12px;
    }
  }
`;
