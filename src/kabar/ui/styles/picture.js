// How a picture stands in a conversation.

import { css } from "../vendor/lit.js";

export const pictureStyles = css`
  :host {
    display: block;
    max-width: 100%;
    overflow: hidden;
    border-radius: var(--round-control);
    background: var(--hover);
  }

  .picture {
    display: block;
    width: 100%;
    height: 100%;
    padding: 0;
    border: 0;
    background: none;
    cursor: zoom-in;
  }

  .picture:focus-visible {
    outline-offset: -3px;
  }

  img {
    display: block;
    width: 100%;
    height: 100%;
    object-fit: cover;
  }

  .failed {
    display: flex;
    flex-direction: column;
    align-items: center;
    justify-content: center;
    gap: 4px;
    padding: 4px;
    color: var(--quiet);
    font: inherit;
    font-size: 13px;
    text-align: center;
    cursor: pointer;
  }

  .again {
    color: var(--accent-strong);
    font-weight: 600;
  }
`;
