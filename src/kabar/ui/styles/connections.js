// The lists below a person.

import { css } from "../vendor/lit.js";

export const connectionStyles = css`
  :host {
    display: block;
  }

  .tabs {
    display: flex;
    gap: 4px;
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

  ul {
    padding: 8px 12px;
  }

  .nobody {
    padding: 24px;
  }
`;
