// A list beside what was chosen from it; one at a time where there is no room for both.

import { css } from "../vendor/lit.js";

export const paneStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    container-type: inline-size;
    height: 100%;
    min-height: 0;
    background: var(--ground);
  }

  .panes {
    flex: 1;
    display: grid;
    grid-template-columns: 320px minmax(0, 1fr);
    min-height: 0;
  }

  .panes.two {
    grid-template-columns: 280px minmax(0, 1fr) minmax(320px, 400px);
  }

  .list,
  .detail,
  .thread {
    display: flex;
    flex-direction: column;
    min-width: 0;
    min-height: 0;
  }

  .list {
    border-inline-end: 1px solid var(--line);
    background: var(--surface);
  }

  .thread {
    border-inline-start: 1px solid var(--line);
  }

  .begin {
    padding: 0 12px 8px;
  }

  .list > header {
    display: flex;
    align-items: center;
    gap: 8px;
    min-height: 56px;
    padding: 8px 12px 8px 18px;
  }

  h1 {
    flex: 1;
    margin: 0;
    font-size: 20px;
    font-weight: 700;
    letter-spacing: -0.01em;
  }

  .scroll {
    flex: 1;
    min-height: 0;
    overflow-y: auto;
    overscroll-behavior: contain;
  }

  kabar-people-search {
    flex: 1;
  }

  .list > .error {
    margin: 0;
    padding: 0 18px 8px;
  }

  /* The list comes back when the thread is closed. */
  @container (max-width: 1099px) {
    .panes.two {
      grid-template-columns: minmax(0, 1fr) minmax(300px, 400px);
    }

    .panes.two .list {
      display: none;
    }
  }

  @container (max-width: 719px) {
    .panes {
      --kabar-back: inline-grid;
      --kabar-close: none;

      grid-template-columns: minmax(0, 1fr);
    }

    .list {
      border: 0;
    }

    .panes.two {
      grid-template-columns: minmax(0, 1fr);
    }

    .thread {
      border: 0;
    }

    .panes:not(.one) .detail,
    .panes.one .list,
    .panes.two .detail {
      display: none;
    }
  }
`;
