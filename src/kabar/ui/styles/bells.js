// Bells and the other places of the navigation.

import { css } from "../vendor/lit.js";

export const bells = css`
  :host {
    display: block;
  }

  .bell {
    position: relative;
    display: grid;
    place-items: center;
    gap: 2px;
    min-width: 44px;
    min-height: 48px;
    padding: 6px 4px;
    border-radius: var(--round);
    color: var(--quiet);
    text-decoration: none;
    transition: background var(--motion), color var(--motion);
  }

  .bell:hover {
    background: var(--hover);
    color: var(--text);
  }

  .bell[aria-current="page"],
  .bell[aria-expanded="true"] {
    background: var(--accent-tint);
    color: var(--accent-strong);
  }

  .bell .label {
    display: var(--kabar-bell-label, none);
    font-size: 11px;
    font-weight: 550;
    line-height: 1.2;
  }

  .bell .badge {
    position: absolute;
    inset-block-start: 2px;
    inset-inline-start: calc(50% + 2px);
    min-width: 18px;
    height: 18px;
    padding: 0 5px;
    background: var(--danger-fill);
    color: white;
    font-size: 11px;
    line-height: 18px;
    box-shadow: 0 0 0 2px var(--kabar-bell-ground, var(--ground));
  }
`;
