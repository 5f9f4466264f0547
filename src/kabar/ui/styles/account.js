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

  .picture {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    align-items: start;
    gap: 16px;
  }
`;
