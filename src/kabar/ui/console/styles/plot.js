// How a plot looks.

import { css } from "../../vendor/lit.js";

export const plotStyles = css`
  :host {
    display: block;
    min-width: 0;
  }

  figure {
    margin: 0;
    padding: 16px;
    border: 1px solid var(--line);
    border-radius: var(--round);
    background: var(--surface);
  }

  figcaption {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 16px;
    min-height: 20px;
    margin-bottom: 12px;
    font-size: 13px;
  }

  .title {
    flex: 1;
    font-weight: 650;
    white-space: nowrap;
  }

  .keys {
    display: flex;
    gap: 16px;
  }

  .key {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    color: var(--quiet);
    white-space: nowrap;
  }

  .key i {
    width: 16px;
    border-top: 2px solid var(--accent);
  }

  .key.line-1 i {
    border-top: 2px dashed var(--wait);
  }

  .drawing {
    position: relative;
    height: 140px;
    cursor: crosshair;
    touch-action: pan-y;
  }

  .none {
    display: grid;
    place-items: center;
    margin: 0;
    cursor: default;
    text-align: center;
  }

  svg {
    display: block;
    width: 100%;
    height: 100%;
    overflow: visible;
  }

  svg * {
    vector-effect: non-scaling-stroke;
  }

  .grid {
    stroke: var(--line);
  }

  .cursor {
    stroke: var(--quiet);
  }

  .area {
    fill: var(--accent);
    opacity: 0.1;
  }

  .curve {
    fill: none;
    stroke: var(--accent);
    stroke-width: 2;
    stroke-linejoin: round;
  }

  .curve.line-1 {
    stroke: var(--wait);
    stroke-dasharray: 5 3;
  }

  .scale {
    position: absolute;
    inset-inline-start: 0;
    padding-inline: 0 4px;
    background: var(--surface);
    color: var(--quiet);
    font-size: 12px;
    font-variant-numeric: tabular-nums;
    line-height: 1;
    translate: 0 -50%;
    pointer-events: none;
  }

  .top {
    top: 0;
  }

  .middle {
    top: 50%;
  }

  .tip {
    position: absolute;
    top: 4px;
    display: grid;
    gap: 2px;
    margin: 0 8px;
    padding: 8px 12px;
    border-radius: var(--round-control);
    background: var(--raised);
    box-shadow: var(--shadow);
    font-size: 13px;
    font-variant-numeric: tabular-nums;
    pointer-events: none;
  }

  .tip b {
    margin-inline-start: auto;
    padding-inline-start: 8px;
    color: var(--text);
    font-weight: 650;
  }

  .times {
    display: flex;
    justify-content: space-between;
    margin-top: 8px;
    font-size: 12px;
  }

  summary {
    width: fit-content;
    margin-top: 8px;
    padding: 4px 0;
    color: var(--accent-strong);
    font-size: 13px;
    font-weight: 550;
    cursor: pointer;
  }

  .table {
    max-height: 240px;
    overflow-y: auto;
  }

  table {
    width: 100%;
    border-collapse: collapse;
    font-size: 13px;
    font-variant-numeric: tabular-nums;
  }

  :is(th, td) {
    padding: 4px 8px 4px 0;
    font-weight: 400;
    text-align: start;
  }

  thead th {
    position: sticky;
    top: 0;
    background: var(--surface);
    color: var(--quiet);
  }

  .number {
    text-align: end;
  }
`;
