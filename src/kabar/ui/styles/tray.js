// How files look that are about to be sent, and what one chooses them with.

import { css } from "../vendor/lit.js";

export const trayStyles = css`
  .attach,
  .record {
    width: 40px;
    height: 40px;
    flex: none;
  }

  .recording {
    display: flex;
    flex: 1;
    align-items: center;
    gap: 8px;
    height: 40px;
    padding: 0 12px;
    border-radius: var(--round);
    background: var(--danger-tint);
    color: var(--danger);
    font-variant-numeric: tabular-nums;
  }

  .dot {
    width: 10px;
    height: 10px;
    border-radius: 50%;
    background: var(--danger);
  }

  .tray {
    max-width: 1008px;
    margin: 0 auto 8px;
  }

  .tray ul {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    max-height: 184px;
    margin: 0;
    padding: 0;
    overflow-y: auto;
    list-style: none;
  }

  .chosen {
    display: flex;
    align-items: center;
    gap: 8px;
    width: 272px;
    max-width: 100%;
    min-height: 56px;
    padding: 4px;
    border: 1px solid var(--line);
    border-radius: var(--round-control);
    background: var(--ground);
  }

  .chosen:has(audio) {
    width: 100%;
  }

  .chosen.lost {
    border-color: var(--danger);
    background: var(--danger-tint);
  }

  .chosen img,
  .chosen-icon {
    display: grid;
    place-items: center;
    width: 48px;
    height: 48px;
    flex: none;
    border-radius: var(--round-control);
    object-fit: cover;
    background: var(--hover);
  }

  .chosen audio {
    width: 220px;
    min-width: 0;
    height: 44px;
  }

  .chosen-about {
    display: grid;
    flex: 1;
    min-width: 0;
  }

  .chosen-name {
    overflow: hidden;
    font-size: 13px;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .lost .quiet {
    color: var(--danger);
  }

  progress {
    width: 100%;
    height: 4px;
    border: 0;
    border-radius: 2px;
    appearance: none;
    background: var(--hover);
    overflow: hidden;
  }

  progress::-webkit-progress-bar {
    background: var(--hover);
  }

  progress::-webkit-progress-value {
    background: var(--accent);
  }

  progress::-moz-progress-bar {
    background: var(--accent);
  }

  .tray-notice {
    margin: 4px 0 0;
    color: var(--danger);
    font-size: 13px;
  }

  @media (pointer: coarse), (max-width: 719px) {
    .attach,
    .record {
      width: 44px;
      height: 44px;
    }
  }
`;
