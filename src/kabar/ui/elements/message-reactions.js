// The reactions to a message: a small button for each, pressed where it is mine.

import { words } from "../common/words.js";
import { html, nothing, repeat } from "../vendor/lit.js";
import { moveFocus } from "./focus.js";

/**
 * @param {import("../common/types").Message} message
 * @param {import("./message-row.js").Surroundings} around
 */
export function messageReactions(message, around) {
  if (message.reactions.length === 0) return nothing;
  const who = (/** @type {Event} */ event) => {
    event.preventDefault();
    around.act({ act: "who", message });
  };
  // Long press, the second button and the menu key all ask for the context menu.
  return html`<div
    class="reactions"
    role="toolbar"
    aria-label=${words.reactions}
    @contextmenu=${who}
    @keydown=${(/** @type {KeyboardEvent} */ event) => moveFocus(event, ".reaction")}
  >
    ${repeat(
      message.reactions,
      ({ emoji }) => emoji,
      ({ emoji, count, mine = false }) => html`<button
        class="reaction"
        aria-pressed=${mine}
        aria-label=${words.countedReaction(emoji, count)}
        title=${words.reactionHint}
        @click=${() => around.act({ act: "react", message, emoji })}
      >
        <span class="drawn">${emoji}</span><span class="count">${count.toLocaleString("en")}</span>
      </button>`,
    )}
  </div>`;
}
