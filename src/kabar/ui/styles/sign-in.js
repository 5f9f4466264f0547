// The forms for signing in and for creating an account.

import { css } from "../vendor/lit.js";

export const signInStyles = css`
  :host {
    display: grid;
    height: 100%;
    overflow-y: auto;
    padding: 24px 16px;
    background: var(--ground);
  }

  .sheet {
    width: min(380px, 100%);
    margin: auto;
  }

  .mark {
    width: 44px;
    height: 44px;
  }

  h1 {
    margin: 16px 0 4px;
    font-size: 28px;
    font-weight: 700;
    letter-spacing: -0.015em;
    line-height: 1.2;
  }

  p {
    margin: 0;
  }

  form {
    margin: 24px 0 20px;
  }

  .button {
    min-height: 42px;
    font-size: 15px;
  }

  .other {
    font-size: 14px;
  }
`;
