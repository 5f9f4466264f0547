// The frame of the page: the navigation beside it, or below it on a phone.

import { css } from "../vendor/lit.js";

export const appStyles = css`
  :host {
    background: var(--ground);
  }

  .skip {
    position: absolute;
    inset-block-start: -64px;
    inset-inline-start: 16px;
    z-index: 10;
    padding: 8px 16px;
    border-radius: var(--round-control);
    background: var(--raised);
  }

  .skip:focus {
    box-shadow: var(--shadow);
    inset-block-start: 8px;
  }

  .frame {
    display: grid;
    grid-template-columns: 100px minmax(0, 1fr);
    height: 100%;
  }

  main {
    display: flex;
    flex-direction: column;
    height: 100%;
    min-width: 0;
    min-height: 0;
    outline: none;
  }

  main > :not(kabar-status) {
    flex: 1;
    min-height: 0;
  }

  kabar-notification-center.wide {
    width: 100%;
    max-width: 640px;
    margin: 0 auto;
    border-inline: 1px solid var(--line);
    background: var(--surface);
  }

  nav {
    --kabar-bell-label: block;

    display: flex;
    flex-direction: column;
    gap: 4px;
    padding: 12px 6px max(12px, env(safe-area-inset-bottom));
    border-inline-end: 1px solid var(--line);
  }

  nav > * {
    min-width: 0;
  }

  .mark {
    width: 32px;
    height: 32px;
    margin: 0 auto 12px;
  }

  .account {
    margin-top: auto;
  }

  /* No higher than the icons: the words below stand in one line with theirs. */
  .account .avatar {
    --size: 24px;
    margin-block: -2px;
  }

  @media (max-width: 719px) {
    .frame {
      grid-template-columns: minmax(0, 1fr);
      grid-template-rows: minmax(0, 1fr) auto;
    }

    nav {
      order: 1;
      flex-direction: row;
      align-items: center;
      justify-content: space-around;
      padding: 4px 8px max(4px, env(safe-area-inset-bottom));
      border: 0;
      border-top: 1px solid var(--line);
      background: var(--surface);
    }

    nav > * {
      flex: 1 1 auto;
    }

    .mark {
      display: none;
    }

    .account {
      margin: 0;
    }

    /* The composer takes the place of the navigation. */
    .in-room nav {
      display: none;
    }
  }
`;
