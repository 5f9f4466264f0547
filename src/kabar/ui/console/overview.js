// How an app is doing: numbers now, plots of the last hour, and the errors that clients met.

import { controls } from "../styles/controls.js";
import { tokens } from "../styles/tokens.js";
import { css, html, LitElement, nothing } from "../vendor/lit.js";
import "./plot.js";
import { Poll } from "./poll.js";
import { state } from "./state.js";
import { panes } from "./styles/panes.js";
import { inFull, timeOf } from "./texts.js";
import { counted, words } from "./words.js";

class Overview extends LitElement {
  static properties = { app: {} };
  static styles = [
    tokens,
    controls,
    panes,
    css`
      .numbers {
        display: flex;
        flex-wrap: wrap;
        gap: 1px;
        margin-bottom: 16px;
        border: 1px solid var(--line);
        border-radius: var(--round);
        background: var(--line);
        overflow: hidden;
      }

      .numbers a,
      .numbers div {
        display: grid;
        flex: 1 0 150px;
        align-content: start;
        padding: 12px 16px;
        background: var(--surface);
        color: inherit;
        text-decoration: none;
      }

      .numbers a:hover {
        background: var(--hover);
      }

      .numbers a:focus-visible {
        outline-offset: -2px;
      }

      .numbers b {
        font-size: 28px;
        font-weight: 650;
        font-variant-numeric: tabular-nums;
        letter-spacing: -0.02em;
        line-height: 1.3;
      }

      .plots {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 400px), 1fr));
        gap: 16px;
      }

      .time {
        width: 104px;
      }

      .code {
        width: 64px;
      }

      .from {
        width: 220px;
      }
    `,
  ];

  constructor() {
    super();
    this.app = "";
    /** @type {Poll<import("./types").Overview>} */
    this.poll = new Poll(this, 2, () => (this.app ? { path: encodeURIComponent(this.app) } : null));
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has("app")) this.poll.restart();
  }

  render() {
    const { value } = this.poll;
    return html`<h1 class="only-heard">${words.overview}</h1>
      ${value ? this.#shown(value) : nothing}`;
  }

  /** @param {import("./types").Overview} overview */
  #shown({ app, channels, users, messagesIn, messagesOut, sampleSeconds, samples, errors }) {
    const rate = (/** @type {number[]} */ values) => values.map((value) => value / sampleSeconds);
    return html`<div class="numbers">
        ${this.#number(words.connections, app.connections, "connections")}
        ${this.#number(words.channels, channels, "channels")}
        ${this.#number(words.users, users)}
        ${this.#number(words.messagesIn, messagesIn, "", words.sinceStart)}
        ${this.#number(words.messagesOut, messagesOut, "", words.sinceStart)}
      </div>
      <div class="plots">
        <kabar-plot
          .heading=${words.connectionsPlot}
          .at=${samples.at}
          .lines=${[{ name: words.connections, values: samples.connections }]}
        ></kabar-plot>
        <kabar-plot
          .heading=${words.messagesPlot}
          .at=${samples.at}
          .lines=${[
            { name: words.sent, values: rate(samples.messagesOut) },
            { name: words.received, values: rate(samples.messagesIn) },
          ]}
        ></kabar-plot>
      </div>
      <h2>${words.errors}</h2>
      <div class="card">${errors.length ? this.#errors(errors) : this.#noErrors()}</div>`;
  }

  /** @param {string} name @param {number} value @param {string} [pane] @param {string} [hint] */
  #number(name, value, pane, hint) {
    const inside = html`<span class="quiet">${name}</span><b>${counted(value)}</b>
      ${hint ? html`<span class="quiet">${hint}</span>` : nothing}`;
    return pane
      ? html`<a href=${state.address(this.app, pane)}>${inside}</a>`
      : html`<div>${inside}</div>`;
  }

  #noErrors() {
    return html`<p class="padded quiet">${words.noErrors}</p>`;
  }

  /** @param {import("./types").ErrorTold[]} errors */
  #errors(errors) {
    return html`<table>
      <thead>
        <tr>
          <th scope="col" class="time">${words.time}</th>
          <th scope="col" class="code">${words.code}</th>
          <th scope="col">${words.message}</th>
          <th scope="col" class="from wide">${words.from}</th>
        </tr>
      </thead>
      <tbody>
        ${errors.map(
          (error) => html`<tr>
            <td title=${inFull(error.at)}>${timeOf(error.at)}</td>
            <td>${error.code ?? "–"}</td>
            <td class="wraps">
              ${error.message}
              ${error.isOfApp ? nothing : html` <span class="tag">${words.unknownKey}</span>`}
            </td>
            <td class="wide mono">${error.socketId ?? error.address}</td>
          </tr>`,
        )}
      </tbody>
    </table>`;
  }
}

customElements.define("kabar-console-overview", Overview);
