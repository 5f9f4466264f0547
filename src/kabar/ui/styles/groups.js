// The panel of a group: a sheet beside the conversation, or over it on a phone.

import { css } from "../vendor/lit.js";

export const groupStyles = css`
  dialog {
    display: none;
    flex-direction: column;
    width: min(420px, 100vw);
    max-width: none;
    height: 100dvh;
    max-height: none;
    margin: 0 0 0 auto;
    padding: 0;
    border: 0;
    border-inline-start: 1px solid var(--line);
    background: var(--surface);
    color: var(--text);
    box-shadow: var(--shadow);
  }

  dialog[open] {
    display: flex;
  }

  dialog::backdrop {
    background: oklch(15% 0.02 200 / 45%);
  }

  .top {
    display: flex;
    flex: none;
    align-items: center;
    gap: 8px;
    min-height: 56px;
    padding: 6px 12px 6px 20px;
    border-block-end: 1px solid var(--line);
  }

  .top h2 {
    flex: 1;
    font-size: 15px;
  }

  .scroll {
    flex: 1;
    min-height: 0;
    overflow-y: auto;
    padding-block-end: max(24px, env(safe-area-inset-bottom));
  }

  section {
    padding: 16px 20px;
    border-block-end: 1px solid var(--line);
  }

  h2,
  h3 {
    margin: 0;
    font-weight: 650;
  }

  h3 {
    margin-block-end: 8px;
    font-size: 14px;
  }

  .face {
    display: grid;
    justify-items: center;
    gap: 8px;
    text-align: center;
  }

  .face h3 {
    margin: 0;
    font-size: 20px;
    overflow-wrap: anywhere;
  }

  p {
    margin: 0;
  }

  .description {
    max-width: 100%;
    overflow-wrap: anywhere;
    white-space: pre-line;
  }

  form,
  .fields {
    display: grid;
    gap: 12px;
  }

  label {
    display: grid;
    gap: 4px;
    font-size: 14px;
    font-weight: 550;
  }

  label :is(input, select) {
    font-weight: 400;
  }

  input[type="search"] {
    margin-block-end: 8px;
  }

  label.switch {
    display: flex;
    align-items: center;
    gap: 8px;
    min-height: 36px;
  }

  .switch input {
    width: 18px;
    min-height: 18px;
    height: 18px;
    accent-color: var(--accent);
  }

  select {
    width: 100%;
    min-height: 40px;
    padding: 8px 12px;
    border: 1px solid var(--control-line);
    border-radius: var(--round-control);
    background: var(--surface);
    color: var(--text);
    font: inherit;
  }

  .row {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px;
  }

  section > .row {
    margin-block-end: 8px;
  }

  section > .row h3 {
    margin: 0;
  }

  ul + form {
    margin-block-start: 12px;
  }

  .row > .grows {
    flex: 1;
    min-width: 120px;
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
    min-height: 52px;
    padding: 4px 0;
  }

  .who {
    flex: 1;
    min-width: 120px;
  }

  .who > * {
    display: block;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .quiet {
    color: var(--quiet);
    font-size: 13px;
  }

  .role {
    color: var(--accent-strong);
    font-size: 13px;
    font-weight: 550;
  }

  .acts {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    flex-basis: 100%;
    padding-block-end: 8px;
  }

  .link {
    flex-basis: 100%;
    overflow-wrap: anywhere;
    font-size: 13px;
    user-select: all;
  }

  .adding {
    height: 320px;
    margin-block: 8px;
    border: 1px solid var(--line);
    border-radius: var(--round);
  }

  .leave {
    color: var(--danger);
  }

  @media (pointer: coarse), (max-width: 719px) {
    select {
      min-height: 44px;
      font-size: 16px;
    }

    dialog {
      border: 0;
    }
  }
`;
