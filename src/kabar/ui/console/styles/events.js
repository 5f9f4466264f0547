// How the list of events looks.

import { css } from "../../vendor/lit.js";

export const eventStyles = css`
  .choices {
    display: flex;
    gap: 8px;
  }

  ul {
    margin: 0;
    padding: 0;
    list-style: none;
  }

  li + li {
    border-top: 1px solid var(--line);
  }

  summary {
    display: grid;
    grid-template-columns: 8px 88px minmax(0, 2fr) minmax(0, 3fr) 64px;
    align-items: center;
    gap: 0 12px;
    padding: 8px 16px;
    font-size: 14px;
    cursor: pointer;
    list-style: none;
  }

  summary::-webkit-details-marker {
    display: none;
  }

  summary::before {
    content: "";
    width: 6px;
    height: 6px;
    border: solid var(--quiet);
    border-width: 1.75px 1.75px 0 0;
    rotate: 45deg;
    transition: rotate var(--motion);
  }

  details[open] > summary::before {
    rotate: 135deg;
  }

  summary:hover {
    background: var(--hover);
  }

  summary:focus-visible {
    outline-offset: -2px;
  }

  time {
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }

  .name,
  .channel {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .name {
    font-weight: 550;
  }

  .channel {
    font-size: 14px;
  }

  .tag {
    justify-self: end;
  }

  .inside {
    display: grid;
    gap: 8px;
    padding: 0 16px 16px;
    overflow-wrap: anywhere;
  }

  .missed {
    padding: 4px 16px;
    background: var(--wait-tint);
    color: var(--wait);
    font-size: 13px;
  }

  @media (max-width: 719px) {
    .choices {
      width: 100%;
    }

    .choices .button {
      flex: 1;
    }

    summary {
      grid-template-columns: minmax(0, 1fr) auto;
      gap: 2px 12px;
    }

    summary::before {
      display: none;
    }

    .name {
      grid-row: 1;
    }

    .tag {
      grid-row: 1;
      grid-column: 2;
    }

    .channel {
      grid-row: 2;
    }

    time {
      grid-row: 2;
      grid-column: 2;
      justify-self: end;
    }
  }
`;
