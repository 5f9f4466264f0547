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

  .more {
    margin-block-start: 8px;
  }
`;
