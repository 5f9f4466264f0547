// What stands where there is nothing to show to a stranger.

import { base } from "../api.js";
import { icon } from "../icons.js";
import { html } from "../vendor/lit.js";
import { words } from "../words.js";

export const signedOut = () => html`<div class="blank">
  ${icon("message-circle")}
  <p>${words.signInFirst}</p>
  <a class="button primary" href=${new URL("sign-in", base).href}>${words.signIn}</a>
</div>`;
