// One's own account: its parts one below the other.

import { css } from "../vendor/lit.js";

export const accountStyles = css`
  :host {
    display: block;
  }

  section {
    padding: 24px;
    border-top: 1px solid var(--line);
  }

  h2 {
    margin: 0 0 16px;
    font-size: 17px;
    font-weight: 650;
  }

  p {
    margin: 0;
  }

  .hint {
    margin-bottom: 16px;
  }

  .people {
    display: grid;
    gap: 12px;
    max-height: 60vh;
    margin: 0;
    padding: 0;
    overflow-y: auto;
    list-style: none;
  }

  .people li {
    display: grid;
    grid-template: auto auto / auto minmax(0, 1fr) auto;
    align-items: center;
    gap: 0 12px;
    overflow-wrap: anywhere;
  }

  .people :is(.avatar, .button) {
    grid-row: 1 / 3;
  }

  .people .quiet {
    grid-area: 2 / 2;
    font-size: 13px;
  }

  .people a {
    grid-area: 1 / 2;
    color: inherit;
    font-weight: 550;
    text-decoration: none;
  }

  .people .button {
    grid-column: 3;
  }

  .picture {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    align-items: start;
    gap: 16px;
  }
`;
