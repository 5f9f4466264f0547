// How a conversation looks.

import { css } from "../vendor/lit.js";

export const messageStyles = css`
  .day {
    position: relative;
  }

  .date {
    position: sticky;
    top: 8px;
    z-index: 1;
    display: flex;
    justify-content: center;
    margin: 16px 0 8px;
    font-size: inherit;
    pointer-events: none;
  }

  .date span {
    padding: 2px 12px;
    border: 1px solid var(--line);
    border-radius: 12px;
    background: var(--surface);
    color: var(--quiet);
    font-size: 12px;
    font-weight: 550;
  }

  .date span {
    transition: opacity var(--motion);
  }

  .date.floats span {
    opacity: 0;
  }

  .moves .date.floats span {
    opacity: 1;
  }

  .told {
    max-width: 60ch;
    margin: 12px auto;
    padding: 0 16px;
    color: var(--quiet);
    font-size: 13px;
    text-align: center;
    overflow-wrap: anywhere;
  }

  .divider {
    display: flex;
    align-items: center;
    gap: 12px;
    margin: 16px 0 8px;
    color: var(--accent-strong);
    font-size: 12px;
    font-weight: 600;
  }

  .divider::before,
  .divider::after {
    content: "";
    flex: 1;
    border-top: 1px solid var(--accent);
    opacity: 0.5;
  }

  .row {
    display: flex;
    gap: 8px;
    padding-top: 2px;
  }

  .row.starts {
    padding-top: 10px;
  }

  .row.folded {
    gap: 8px;
    align-items: center;
    justify-content: center;
    padding-top: 0;
    color: var(--quiet);
    font-size: 13px;
  }

  .row.folded:has(span) {
    padding-block: 10px 4px;
  }

  .row.mine {
    justify-content: flex-end;
  }

  .face {
    width: 32px;
    flex: none;
  }

  .column {
    display: flex;
    flex-direction: column;
    align-items: flex-start;
    min-width: 0;
    max-width: min(72ch, 84%);
  }

  .mine .column {
    align-items: flex-end;
  }

  .sender {
    margin: 0 0 2px 12px;
    color: var(--quiet);
    font-size: 13px;
    font-weight: 600;
  }

  .line {
    position: relative;
    display: flex;
    align-items: flex-end;
    gap: 8px;
    max-width: 100%;
  }

  .mine .line {
    flex-direction: row-reverse;
  }

  .bubble {
    min-width: 0;
    padding: 7px 12px;
    border: 1px solid var(--line);
    border-radius: var(--round);
    background: var(--surface);
    scroll-margin: 56px 0 24px;
  }

  .text {
    display: block;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }

  .mine .bubble {
    border-color: transparent;
    background: var(--accent-tint);
  }

  .row:not(.mine).ends .bubble {
    border-end-start-radius: 3px;
  }

  .mine.ends .bubble {
    border-end-end-radius: 3px;
  }

  .emoji .bubble {
    border-color: transparent;
    background: none;
    padding-inline: 4px;
    font-size: 34px;
    line-height: 1.2;
  }

  .pending .bubble {
    color: var(--quiet);
    background: var(--accent-wash);
  }

  .failed .bubble {
    background: var(--danger-tint);
    border-color: var(--danger);
  }

  /* The one that the address names. */
  .found .bubble {
    outline: 2px solid var(--accent);
    outline-offset: 2px;
  }

  .deleted .bubble {
    border: 1px dashed var(--line);
    background: none;
    color: var(--quiet);
    font-style: italic;
  }

  .origin {
    display: flex;
    align-items: center;
    gap: 4px;
    color: var(--quiet);
    font-size: 13px;
  }

  .origin .icon {
    width: 14px;
    height: 14px;
  }

  .bubble a {
    text-underline-offset: 2px;
  }

  .meta {
    display: inline-flex;
    align-items: center;
    gap: 4px;
    flex: none;
    padding-bottom: 3px;
    color: var(--quiet);
    font-size: 12px;
    font-variant-numeric: tabular-nums;
    opacity: 0;
    transition: opacity var(--motion);
  }

  .row:is(.ends, .failed, .pending, :focus-within) .meta {
    opacity: 1;
  }

  .tick {
    display: inline-flex;
  }

  .tick .icon {
    width: 15px;
    height: 15px;
  }

  .read-tick {
    color: var(--accent-strong);
  }

  .failed-tick {
    color: var(--danger);
  }

  .failure {
    display: flex;
    flex-wrap: wrap;
    justify-content: flex-end;
    gap: 2px 12px;
    padding-top: 2px;
    color: var(--danger);
    font-size: 13px;
  }
`;
