// How marks in what somebody wrote look.

import { css } from "../vendor/lit.js";

export const writtenStyles = css`
  .said {
    display: block;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }

  .mention {
    border-radius: 4px;
    background: light-dark(oklch(0% 0 0 / 6%), oklch(100% 0 0 / 10%));
    font-weight: 600;
  }

  code {
    padding: 1px 4px;
    border-radius: 4px;
    background: light-dark(oklch(0% 0 0 / 6%), oklch(100% 0 0 / 10%));
    font: 13px / 1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }

  pre {
    max-width: 100%;
    max-height: 420px;
    margin: 4px 0;
    padding: 8px 10px;
    overflow: auto;
    border-radius: var(--round-control);
    background: light-dark(oklch(0% 0 0 / 6%), oklch(100% 0 0 / 10%));
  }

  pre code {
    padding: 0;
    background: none;
    white-space: pre;
    overflow-wrap: normal;
  }

  blockquote {
    margin: 4px 0;
    padding-inline-start: 10px;
    border-inline-start: 3px solid var(--control-line);
    color: var(--quiet);
  }

  ul,
  ol {
    margin: 2px 0;
    padding-inline-start: 24px;
    overflow-wrap: anywhere;
  }

  .text > :first-child {
    margin-block-start: 0;
  }

  .text > :last-child {
    margin-block-end: 0;
  }
`;
