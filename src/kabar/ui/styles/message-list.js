// The scrolling frame of the messages, and all that is in it.

import { css } from "../vendor/lit.js";
import { attachmentStyles } from "./attachments.js";
import { previewStyles } from "./link-previews.js";
import { messageActionStyles } from "./message-actions.js";
import { messageStyles } from "./messages.js";
import { pillStyles } from "./pills.js";
import { quoteStyles } from "./quotes.js";
import { reactionStyles } from "./reactions.js";
import { threadStyles } from "./threads.js";
import { writtenStyles } from "./written.js";

const frameStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    min-height: 0;
    container-type: inline-size;
  }

  .scroll {
    flex: 1;
    min-height: 0;
    overflow: hidden auto;
    overscroll-behavior: contain;
    /* The view is held by this element, alike in every browser. */
    overflow-anchor: none;
  }

  .content {
    display: flex;
    flex-direction: column;
    justify-content: flex-end;
    min-height: 100%;
    max-width: 1040px;
    margin: 0 auto;
    padding: 8px 16px 4px;
  }

  .content > .blank {
    flex: 1;
  }

  .foot {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: flex-end;
    gap: 2px 8px;
    width: 100%;
    max-width: 1040px;
    min-height: 40px;
    margin: 0 auto;
    padding: 0 16px;
  }

  slot {
    display: block;
    flex: 1;
    min-width: 120px;
  }

  .pills {
    display: flex;
    gap: 8px;
  }
`;

export const messageListStyles = [
  messageStyles,
  writtenStyles,
  messageActionStyles,
  quoteStyles,
  attachmentStyles,
  previewStyles,
  reactionStyles,
  threadStyles,
  frameStyles,
  pillStyles,
];
