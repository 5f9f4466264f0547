// Other ways to send what is written: without a sound, or later.

import { words } from "../common/words.js";
import { html } from "../vendor/lit.js";
import "./menu.js";

/** @param {import("./composer.js").Composer} composer */
export const sendMenu = (composer) => html`<kabar-menu
  class="later"
  plain
  .label=${words.moreWaysToSend}
  .choices=${[
    { label: words.sendSilently, act: () => composer.sendSilently() },
    ...(composer.mayWait ? [{ label: words.sendLater, act: () => composer.sendLater() }] : []),
  ]}
></kabar-menu>`;
