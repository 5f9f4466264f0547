// The field for a picture of a person or a room: the address of one, with how it will look.

import { words } from "../common/words.js";
import { avatar } from "./avatar.js";
import { html } from "../vendor/lit.js";

/**
 * @param {import("./form.js").Form} form
 * @param {{id: string, name: string | null, avatar: string | null}} who
 * @param {string | null} typed what is in the field, once somebody has typed
 * @param {(address: string) => void} preview is told what somebody types
 */
export function pictureField(form, who, typed, preview) {
  const address = (typed ?? who.avatar ?? "").trim();
  return html`<div class="picture">
    ${avatar({ ...who, avatar: address.startsWith("https://") ? address : null }, "large")}
    ${form.field({
      name: "avatar",
      label: words.picture,
      type: "url",
      value: who.avatar ?? "",
      hint: words.pictureHint,
      most: 2_000,
      optional: true,
      typed: preview,
    })}
  </div>`;
}
