// The frame of the console: a bar with the app and the panes, and what they lead to.

import { css } from "../../vendor/lit.js";

export const consoleStyles = css`
  :host {
    display: block;
    height: 100vh;
    height: 100dvh;
    background: var(--ground);
  }

  .skip {
    position: absolute;
    inset-block-start: -96px;
    inset-inline-start: 16px;
    z-index: 10;
    padding: 8px 16px;
    border-radius: var(--round-control);
    background: var(--raised);
    box-shadow: var(--shadow);
  }

  .skip:focus {
    inset-block-start: 8px;
  }

  .frame {
    display: flex;
    flex-direction: column;
    height: 100%;
  }

  header {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr) auto auto;
    align-items: center;
    gap: 0 24px;
    padding: 0 24px;
    border-bottom: 1px solid var(--line);
    background: var(--surface);
  }

  .mark {
    display: flex;
    align-items: center;
    gap: 12px;
    height: 56px;
    font-size: 17px;
    font-weight: 700;
    letter-spacing: -0.01em;
  }

  .mark img {
    width: 28px;
    height: 28px;
  }

  nav {
    display: flex;
    gap: 4px;
    overflow-x: auto;
    scrollbar-width: none;
  }

  nav a {
    position: relative;
    display: flex;
    align-items: center;
    gap: 6px;
    height: 56px;
    padding: 0 12px;
    color: var(--quiet);
    font-size: 14px;
    font-weight: 550;
    text-decoration: none;
    white-space: nowrap;
  }

  nav a:focus-visible {
    outline-offset: -2px;
  }

  nav a:hover {
    color: var(--text);
  }

  nav a[aria-current] {
    color: var(--accent-strong);
  }

  nav a[aria-current]::after {
    content: "";
    position: absolute;
    inset: auto 12px 0;
    height: 3px;
    border-radius: 3px 3px 0 0;
    background: var(--accent);
  }

  nav .icon {
    width: 18px;
    height: 18px;
  }

  .app {
    display: flex;
    align-items: center;
    gap: 8px;
    font-size: 13px;
    color: var(--quiet);
  }

  select {
    min-height: 36px;
    max-width: 240px;
    padding: 0 8px;
    border: 1px solid var(--control-line);
    border-radius: var(--round-control);
    background: var(--surface);
    color: var(--text);
    font: inherit;
    text-overflow: ellipsis;
  }

  .status {
    display: flex;
    align-items: center;
    justify-content: center;
    gap: 8px;
    padding: 6px 16px;
    background: var(--wait-tint);
    color: var(--wait);
    font-size: 13px;
    font-weight: 550;
  }

  .status .icon {
    width: 16px;
    height: 16px;
  }

  main {
    flex: 1;
    min-height: 0;
    overflow-y: auto;
    outline: none;
  }

  main > * {
    max-width: 1200px;
    margin: 0 auto;
    padding: 24px 24px max(24px, env(safe-area-inset-bottom));
  }

  @media (max-width: 1080px) {
    header {
      grid-template-columns: auto minmax(0, 1fr) auto;
      gap: 0 12px;
      padding: 0 16px;
    }

    nav {
      order: 1;
      grid-column: 1 / -1;
      margin: 0 -16px;
      padding: 0 8px;
    }

    nav a {
      height: 48px;
    }

    .app {
      justify-content: flex-end;
      min-width: 0;
    }

    select {
      min-height: 44px;
      min-width: 0;
    }
  }

  @media (max-width: 719px) {
    /* Narrow enough that the next pane looks in from the side. */
    nav a {
      padding: 0 8px;
    }

    nav a[aria-current]::after {
      inset-inline: 8px;
    }

    nav .icon {
      display: none;
    }

    .app span {
      position: absolute;
      width: 1px;
      height: 1px;
      overflow: hidden;
      clip-path: inset(50%);
    }

    .mark span {
      display: none;
    }

    select {
      font-size: 16px;
    }

    main > * {
      padding: 16px 16px max(16px, env(safe-area-inset-bottom));
    }
  }
`;
