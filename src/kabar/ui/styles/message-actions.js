// What can be done with a message, beside it or above it.

import { css } from "../vendor/lit.js";

export const messageActionStyles = css`
  .row .actions {
    position: absolute;
    /* As far as the message's own text, but not over it. */
    bottom: calc(100% - 6px);
    inset-inline: auto 4px;
    z-index: 2;
    display: flex;
    padding: 2px;
    border: 1px solid var(--line);
    border-radius: var(--round-control);
    background: var(--raised);
    box-shadow: var(--shadow);
    visibility: hidden;
  }

  .row:not(.mine) .actions {
    inset-inline: 4px auto;
  }

  .row:focus-within .actions {
    visibility: visible;
  }

  @media (hover: hover) {
    .row:hover .meta {
      opacity: 1;
    }

    .row:hover .actions {
      visibility: visible;
    }

    /* Beside the message, where there is room kept for them: there they cover nothing. */
    @container (min-width: 600px) {
      .column {
        max-width: calc(100% - 40px);
      }

      .line {
        max-width: 100%;
      }

      .bubble {
        max-width: 72ch;
      }

      .row .actions {
        position: static;
        flex: none;
        margin-block: -4px;
      }
    }
  }

  .action {
    display: grid;
    place-items: center;
    width: 30px;
    height: 28px;
    border-radius: 4px;
    color: var(--quiet);
  }

  .action:hover {
    background: var(--hover);
    color: var(--text);
  }

  .action .icon {
    width: 17px;
    height: 17px;
  }

  @media (pointer: coarse) {
    .action {
      width: 44px;
      height: 44px;
    }
  }
`;
