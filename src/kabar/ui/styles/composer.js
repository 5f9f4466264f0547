// How the place to write looks.

import { css } from "../vendor/lit.js";

export const composerStyles = css`
  :host {
    display: block;
    padding: 8px 16px max(12px, env(safe-area-inset-bottom));
    border-top: 1px solid var(--line);
    background: var(--surface);
  }

  form {
    display: flex;
    align-items: flex-end;
    gap: 8px;
    max-width: 1008px;
    margin: 0 auto;
  }

  textarea {
    flex: 1;
    height: 40px;
    padding: 8px 12px;
    border-radius: var(--round);
    background: var(--ground);
    line-height: 22px;
    resize: none;
    overflow-y: auto;
  }

  .later {
    width: 40px;
    height: 40px;
  }

  .send {
    width: 40px;
    height: 40px;
    border-radius: var(--round);
    background: var(--accent);
    color: var(--on-accent);
  }

  .send:hover {
    background: var(--accent-strong);
    color: var(--on-accent);
  }

  .send:disabled {
    background: var(--hover);
    color: var(--quiet);
    cursor: default;
  }

  .above {
    display: flex;
    align-items: center;
    gap: 8px;
    max-width: 1008px;
    min-height: 32px;
    margin: 0 auto 4px;
    color: var(--quiet);
    font-size: 13px;
  }

  .above.error {
    padding: 4px 12px;
    border-radius: var(--round-control);
    background: var(--danger-tint);
    color: var(--danger);
  }

  .above .icon {
    width: 16px;
    height: 16px;
  }

  .above > span {
    flex: 1;
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .above q::before,
  .above q::after {
    content: none;
  }

  @media (pointer: coarse), (max-width: 719px) {
    :host {
      padding-inline: 8px;
    }

    textarea,
    .later,
    .send {
      min-height: 44px;
    }

    .later,
    .send {
      width: 44px;
    }
  }
`;
