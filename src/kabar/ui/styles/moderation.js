// The page of moderators, and what they are asked before they act.

import { css } from "../vendor/lit.js";

export const moderationFormStyles = css`
  form {
    display: grid;
    gap: 16px;
  }

  h2,
  p {
    margin: 0;
  }

  label {
    display: grid;
    gap: 4px;
    font-size: 14px;
    font-weight: 550;
  }

  select {
    min-height: 40px;
    padding: 8px 12px;
    border: 1px solid var(--control-line);
    border-radius: var(--round-control);
    background: var(--surface);
    color: var(--text);
    font: inherit;
    font-weight: 400;
  }

  .choices {
    margin: 0;
  }

  @media (pointer: coarse), (max-width: 719px) {
    select {
      min-height: 44px;
      font-size: 16px;
    }
  }
`;

export const moderationStyles = css`
  :host {
    display: block;
  }

  section {
    padding: 20px 24px;
    border-top: 1px solid var(--line);
  }

  h2 {
    margin: 0 0 12px;
    font-size: 17px;
    font-weight: 650;
  }

  p {
    margin: 0;
  }

  ul {
    margin: 0;
    padding: 0;
    list-style: none;
  }

  li {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px 12px;
    padding: 8px 0;
    overflow-wrap: anywhere;
  }

  .who {
    flex: 1 1 180px;
    min-width: 0;
  }

  .who > * {
    display: block;
  }

  .who a {
    color: inherit;
    font-weight: 550;
    text-decoration: none;
  }

  .quiet {
    font-size: 13px;
  }

  header {
    display: flex;
    align-items: baseline;
    gap: 12px;
  }

  header h2 {
    flex: 1;
  }

  header .text-button[aria-pressed="true"] {
    color: var(--text);
    font-weight: 650;
    text-decoration: none;
  }

  .reports > li {
    display: grid;
    gap: 8px;
    padding: 16px 0;
  }

  .reports > li + li {
    border-top: 1px solid var(--line);
  }

  .head {
    display: flex;
    align-items: baseline;
    gap: 12px;
  }

  .head > :first-child {
    flex: 1;
    min-width: 0;
    color: inherit;
    font-weight: 550;
    text-decoration: none;
  }

  blockquote,
  .around {
    margin: 0;
    padding: 8px 12px;
    border-inline-start: 3px solid var(--line);
    background: var(--hover);
  }

  .words {
    white-space: pre-line;
  }

  .choices .grave {
    color: var(--danger);
  }

  .around {
    display: grid;
    gap: 6px;
    list-style: none;
  }

  .around li {
    display: block;
    padding: 0;
    font-size: 14px;
  }

  .around .reported {
    font-weight: 550;
  }

  .reports .text-button {
    justify-self: start;
  }

  .choices {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }

  .more {
    margin-block-start: 8px;
  }
`;
