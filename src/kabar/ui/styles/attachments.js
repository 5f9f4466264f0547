// How files stand in a message.

import { css } from "../vendor/lit.js";

export const attachmentStyles = css`
  .bubble:has(.pictures, audio, video, .file) {
    padding: 4px;
  }

  .bubble:has(.pictures, audio, video, .file) .text {
    padding: 4px 8px 3px;
  }

  /* What stands under pictures is as wide as they are. */
  .bubble:has(.pictures) .text {
    width: 0;
    min-width: max(100%, 200px);
  }

  .pictures {
    display: grid;
    grid-template-columns: repeat(2, minmax(0, 1fr));
    gap: 4px;
    width: 320px;
    max-width: 100%;
  }

  .pictures kabar-picture {
    aspect-ratio: 1;
  }

  .pictures kabar-picture:last-child:nth-child(odd) {
    grid-column: 1 / -1;
    aspect-ratio: 2;
  }

  .pictures.single {
    display: block;
    width: auto;
  }

  audio {
    display: block;
    width: 280px;
    max-width: 100%;
    height: 44px;
  }

  video {
    display: block;
    width: 320px;
    max-width: 100%;
    aspect-ratio: 16 / 9;
    border-radius: var(--round-control);
    background: var(--hover);
  }

  .file {
    display: flex;
    align-items: center;
    gap: 8px;
    width: 280px;
    max-width: 100%;
    min-height: 44px;
    padding: 4px 8px;
    border-radius: var(--round-control);
    text-decoration: none;
  }

  .file:hover .file-name {
    text-decoration: underline;
  }

  .file-name {
    flex: 1;
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .file .quiet {
    flex: none;
  }
`;
