// Buttons in the strip below the messages.

import { css } from "../vendor/lit.js";

export const pillStyles = css`
  .pill .button {
    position: relative;
    min-height: 32px;
    padding: 0 12px;
    border-color: var(--line);
    border-radius: 16px;
    background: var(--raised);
    font-size: 13px;
  }

  /* As high as a finger. */
  .pill .button::after {
    content: "";
    position: absolute;
    inset: -6px 0;
  }

  .pill .icon {
    width: 16px;
    height: 16px;
  }
`;
