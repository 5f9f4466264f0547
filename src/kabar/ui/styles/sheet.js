// A page of one column, as wide as a text is read.

import { css } from "../vendor/lit.js";

export const sheetStyles = css`
  :host {
    overflow-y: auto;
  }

  .sheet {
    max-width: 640px;
    min-height: 100%;
    margin: 0 auto;
    border-inline: 1px solid var(--line);
    background: var(--surface);
  }

  header {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px;
    min-height: 56px;
    padding: 8px 24px;
  }

  h1 {
    flex: 1;
    margin: 0;
    font-size: 20px;
    font-weight: 700;
    letter-spacing: -0.01em;
    outline: none;
  }
`;
