// The lists below a person.

import { css } from "../vendor/lit.js";

export const connectionStyles = css`
  :host {
    display: block;
  }

  .tabs {
    display: flex;
    flex-wrap: wrap;
    gap: 0 4px;
    padding: 0 20px;
    border-bottom: 1px solid var(--line);
  }

  .tab {
    padding: 10px 12px;
    border-bottom: 2px solid transparent;
    color: var(--quiet);
    font-size: 14px;
    font-weight: 550;
  }

  .tab[aria-selected="true"] {
    border-color: var(--accent);
    color: var(--text);
  }

  .tab:focus-visible {
    outline-offset: -2px;
  }

  .narrowing {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0 8px;
    padding: 8px 12px 0;
  }

  .narrowing .search {
    flex: 1 1 220px;
  }

  .filter {
    min-height: 32px;
    margin: 0 12px 4px;
    padding: 0 12px;
    border-radius: 16px;
    font-size: 13px;
  }

  .filter[aria-pressed="true"] {
    border-color: var(--accent);
    background: var(--accent-tint);
    color: var(--accent-strong);
  }

  ul {
    padding: 8px 12px;
  }

  li {
    display: flex;
    align-items: center;
  }

  li .item {
    flex: 1;
    min-width: 0;
  }

  li kabar-follow-button {
    flex: none;
    margin-inline: 4px 8px;
  }

  @media (pointer: coarse), (max-width: 719px) {
    .filter {
      min-height: 44px;
      border-radius: 22px;
    }
  }

  .nobody {
    padding: 24px;
  }
`;
