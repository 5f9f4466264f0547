// What an element shows while nobody is signed in: the way to do so.

import { base } from "../common/api.js";
import { words } from "../common/words.js";
import { html } from "../vendor/lit.js";
import { icon } from "./icon.js";

export const signedOut = () => html`<div class="blank">
  ${icon("message-circle")}
  <p>${words.signInFirst}</p>
  <a class="button primary" href=${new URL("sign-in", base).href}>${words.signIn}</a>
</div>`;
