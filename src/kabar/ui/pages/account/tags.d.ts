/** Which class an element has, for `querySelector`: the one that the page of the account calls. */

import type { AccountTokens } from "./tokens.js";

declare global {
  interface HTMLElementTagNameMap {
    "kabar-account-tokens": AccountTokens;
  }
}
