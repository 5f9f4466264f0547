// Grey shapes that stand in a list until it is loaded, as large as its rows will be.

import { words } from "../common/words.js";
import { css, html } from "../vendor/lit.js";

/** @param {number} count */
export const skeletons = (count) => html`<div class="skeletons" aria-busy="true">
  <span class="only-heard">${words.loading}</span>
  ${Array.from({ length: count }, () => html`<div class="skeleton"><i></i><b></b><b></b></div>`)}
</div>`;

export const skeletonStyles = css`
  .skeletons {
    padding: 4px;
  }

  .skeleton {
    display: grid;
    grid-template-columns: 40px 1fr;
    gap: 6px 12px;
    padding: 12px;
  }

  .skeleton :is(i, b) {
    border-radius: 4px;
    background: var(--hover);
    animation: breathe 1.6s ease-in-out infinite;
  }

  .skeleton i {
    grid-row: span 2;
    height: 40px;
    border-radius: 50%;
  }

  .skeleton b {
    height: 14px;
  }

  .skeleton b:last-child {
    width: 62%;
  }

  @keyframes breathe {
    50% {
      opacity: 0.45;
    }
  }
`;
