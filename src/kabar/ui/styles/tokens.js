// Colours, sizes and motion. A page may set any --kabar-… property to make them its own.

import { css } from "../vendor/lit.js";

export const tokens = css`
  :host {
    --accent: var(--kabar-accent, light-dark(oklch(50% 0.095 195), oklch(76% 0.105 190)));
    --accent-strong: light-dark(oklch(44% 0.09 195), oklch(82% 0.1 190));
    --on-accent: light-dark(oklch(99% 0.005 195), oklch(20% 0.03 195));
    --accent-tint: light-dark(oklch(93.5% 0.032 195), oklch(31% 0.045 200));
    --accent-wash: light-dark(oklch(96.5% 0.015 195), oklch(26% 0.022 200));

    --ground: var(--kabar-ground, light-dark(oklch(97.6% 0.004 195), oklch(18.5% 0.009 200)));
    --surface: var(--kabar-surface, light-dark(oklch(100% 0 0), oklch(22% 0.01 200)));
    --raised: light-dark(oklch(100% 0 0), oklch(26% 0.011 200));
    --hover: light-dark(oklch(95.5% 0.006 195), oklch(27% 0.012 200));
    --line: light-dark(oklch(90.5% 0.008 195), oklch(31% 0.012 200));
    --control-line: light-dark(oklch(64% 0.015 195), oklch(56% 0.015 200));

    --text: var(--kabar-text, light-dark(oklch(24% 0.015 200), oklch(93% 0.006 195)));
    --quiet: light-dark(oklch(47% 0.015 200), oklch(74% 0.012 200));
    --danger: light-dark(oklch(50% 0.17 25), oklch(75% 0.13 22));
    --danger-fill: light-dark(oklch(52% 0.18 25), oklch(55% 0.17 25));
    --danger-tint: light-dark(oklch(96% 0.02 25), oklch(28% 0.05 25));
    --wait: light-dark(oklch(44% 0.09 70), oklch(84% 0.11 80));
    --wait-tint: light-dark(oklch(95.5% 0.035 85), oklch(29% 0.04 75));

    --shadow: 0 1px 2px light-dark(oklch(20% 0.02 200 / 8%), oklch(0% 0 0 / 40%)),
      0 8px 28px light-dark(oklch(20% 0.02 200 / 14%), oklch(0% 0 0 / 50%));
    --round: 10px;
    --round-control: 6px;
    --motion: 150ms ease-out;
    --font: var(--kabar-font, system-ui, -apple-system, "Segoe UI", Roboto, sans-serif);

    box-sizing: border-box;
    color: var(--text);
    font: 400 15px / 1.45 var(--font);
    -webkit-text-size-adjust: 100%;
  }

  :host([hidden]) {
    display: none;
  }

  *,
  ::before,
  ::after {
    box-sizing: border-box;
  }

  :focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: 2px;
  }

  .quiet {
    color: var(--quiet);
    font-size: 13px;
  }

  .only-heard {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }

  .icon {
    width: 20px;
    height: 20px;
    flex: none;
    fill: none;
    stroke: currentcolor;
    stroke-width: 1.75;
    stroke-linecap: round;
    stroke-linejoin: round;
  }

  @media (prefers-reduced-motion: reduce) {
    *,
    ::before,
    ::after {
      animation: none !important;
      transition: none !important;
      scroll-behavior: auto !important;
    }
  }
`;
