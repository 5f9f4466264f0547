// Where an app's webhooks go, what waits for whom, and how the last ones fared.

import { icon } from "../elements/icon.js";
import { controls } from "../styles/controls.js";
import { tokens } from "../styles/tokens.js";
import { css, html, LitElement, nothing, repeat } from "../vendor/lit.js";
import { Poll } from "./poll.js";
import { eventStyles } from "./styles/events.js";
import { panes } from "./styles/panes.js";
import { inFull, pretty, timeOf } from "./texts.js";
import { counted, words } from "./words.js";

const LOOKS = { arrived: "accent", retrying: "wait", given_up: "danger" };

class Webhooks extends LitElement {
  static properties = { app: {} };
  static styles = [
    tokens,
    controls,
    panes,
    eventStyles,
    css`
      .waiting {
        width: 96px;
      }

      summary {
        grid-template-columns: 8px 88px minmax(0, 2fr) minmax(0, 2fr) 144px;
      }

      @media (max-width: 719px) {
        summary {
          grid-template-columns: minmax(0, 1fr) auto;
        }
      }

      td .tag {
        margin-inline-end: 4px;
      }
    `,
  ];

  constructor() {
    super();
    this.app = "";
    /** @type {Poll<import("./types").WebhookPage>} */
    this.poll = new Poll(this, 2, () =>
      this.app ? { path: `${encodeURIComponent(this.app)}/webhooks` } : null,
    );
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has("app")) this.poll.restart();
  }

  render() {
    const { value } = this.poll;
    return html`<div class="head"><h1>${words.webhooks}</h1></div>
      ${value ? this.#shown(value) : nothing}`;
  }

  /** @param {import("./types").WebhookPage} page */
  #shown({ endpoints, attempts }) {
    if (!endpoints.length && !attempts.length) {
      return html`<div class="card">
        <div class="blank">${icon("webhook")}<p>${words.noEndpoints}</p></div>
      </div>`;
    }
    return html`<div class="card">
        <table>
          <thead>
            <tr>
              <th scope="col">${words.endpoint}</th>
              <th scope="col" class="wide">${words.wants}</th>
              <th scope="col" class="waiting number">${words.waitingColumn}</th>
            </tr>
          </thead>
          <tbody>
            ${endpoints.map((endpoint) => this.#endpoint(endpoint))}
          </tbody>
        </table>
      </div>
      <h2>${words.attempts}</h2>
      <div class="card">
        ${attempts.length
          ? html`<ul aria-label=${words.attempts}>
              ${repeat(attempts, ({ id }) => id, (delivery) => this.#delivery(delivery))}
            </ul>`
          : html`<p class="padded quiet">${words.noAttempts}</p>`}
      </div>`;
  }

  /** @param {import("./types").Endpoint} endpoint */
  #endpoint({ url, events, channelPrefix, batch, waiting, isFull }) {
    return html`<tr>
      <th scope="row" class="wraps">
        ${url}
        ${channelPrefix ? html`<br /><span class="quiet">${words.prefixed(channelPrefix)}</span>` : nothing}
      </th>
      <td class="wide wraps">
        ${events.map((name) => html`<span class="tag">${name}</span>`)}
        ${batch ? html`<span class="tag accent">${words.batch}</span>` : nothing}
      </td>
      <td class="number wraps">
        ${counted(waiting)}
        ${isFull ? html`<br /><span class="tag danger">${words.full}</span>` : nothing}
      </td>
    </tr>`;
  }

  /** @param {import("./types").Delivery} delivery */
  #delivery({ id, at, seconds, url, channel, body, isCut, status, failure }) {
    return html`<li>
      <details>
        <summary>
          <time class="quiet" title=${inFull(at)}>${timeOf(at)}</time>
          <span class="name">${namesIn(body)}</span>
          <span class="channel quiet">${channel || words.batch}</span>
          <span class="tag ${LOOKS[status]}">${words.statuses[status]}</span>
        </summary>
        <div class="inside">
          <p class="quiet">
            ${url} · ${words.took} ${Math.round(seconds * 1000)} ms ·
            <span class="mono">${id}</span>
          </p>
          ${failure ? html`<p class="error">${failure}</p>` : nothing}
          <pre>${pretty(body)}</pre>
          ${isCut ? html`<p class="quiet">${words.cut}</p>` : nothing}
        </div>
      </details>
    </li>`;
  }
}

/** The names of a webhook's events; a body that was shortened is no JSON. @param {string} body */
function namesIn(body) {
  const names = [...body.matchAll(/(?<=[{,])"name":"([a-z_]+)"/gu)].map(([, name]) => name);
  return [...new Set(names)].join(", ");
}

customElements.define("kabar-console-webhooks", Webhooks);
