// How what a link leads to looks under its message.

import { css } from "../vendor/lit.js";

export const previewStyles = css`
  .preview {
    position: relative;
    width: 400px;
    max-width: 100%;
    margin-top: 4px;
  }

  .preview a {
    display: flex;
    gap: 12px;
    align-items: flex-start;
    min-height: 44px;
    padding: 8px 12px;
    border-inline-start: 3px solid var(--line);
    border-radius: 3px;
    background: var(--hover);
    color: inherit;
    font-size: 13px;
    text-decoration: none;
  }

  .preview a:hover b {
    text-decoration: underline;
  }

  .mine .preview a {
    border-color: var(--accent);
    background: light-dark(oklch(100% 0 0 / 55%), oklch(0% 0 0 / 18%));
  }

  .preview-words {
    display: flex;
    flex: 1;
    flex-direction: column;
    gap: 2px;
    min-width: 0;
  }

  .preview .quiet {
    overflow: hidden;
    font-size: 12px;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .preview b,
  .preview-more {
    display: -webkit-box;
    overflow: hidden;
    overflow-wrap: anywhere;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
  }

  .preview b {
    font-weight: 600;
  }

  .preview img {
    width: 72px;
    height: 72px;
    flex: none;
    border-radius: var(--round-control);
    object-fit: cover;
  }

  .preview .action {
    position: absolute;
    inset-block-start: 4px;
    inset-inline-end: 4px;
    border-radius: 50%;
    background: var(--raised);
  }

  /* Its place is kept, so that no word is covered. */
  .preview:has(.action) a {
    padding-inline-end: 44px;
  }

  @media (pointer: coarse) {
    .preview:has(.action) a {
      padding-inline-end: 52px;
    }
  }

  @media (max-width: 640px) {
    .preview a {
      flex-direction: column-reverse;
      gap: 8px;
      align-items: stretch;
    }

    .preview img {
      width: 100%;
      height: 128px;
    }

    .preview:has(img:not([hidden])) a {
      padding-inline-end: 12px;
    }
  }
`;
