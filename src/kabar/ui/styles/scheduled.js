// How it looks what waits to be said.

import { css } from "../vendor/lit.js";

export const scheduledStyles = css`
  :host {
    display: block;
    padding-inline: 16px;
    background: var(--surface);
  }

  .waiting {
    display: flex;
    align-items: center;
    gap: 6px;
    max-width: 1008px;
    min-height: 32px;
    margin: 0 auto;
  }

  .icon {
    width: 16px;
    height: 16px;
  }

  ul {
    display: grid;
    gap: 16px;
    max-height: 50vh;
    margin: 12px 0 0;
    padding: 0;
    overflow-y: auto;
    list-style: none;
  }

  .content {
    display: -webkit-box;
    overflow: hidden;
    overflow-wrap: anywhere;
    white-space: pre-wrap;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 3;
  }

  .file {
    display: flex;
    align-items: center;
    gap: 6px;
    min-width: 0;
    color: var(--quiet);
  }

  .file .icon {
    flex: none;
  }

  .file span {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .acts {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 16px;
    margin-top: 4px;
  }

  .error {
    display: flex;
    align-items: center;
    gap: 6px;
    color: var(--danger);
  }

  label {
    display: grid;
    gap: 6px;
    margin-top: 16px;
  }

  @media (pointer: coarse), (max-width: 719px) {
    :host {
      padding-inline: 8px;
    }
  }
`;
