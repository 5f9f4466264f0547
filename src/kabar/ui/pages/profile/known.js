// Who of those I follow follows a person: one line on their profile.

import { peopleWords } from "../../common/people-words.js";
import { people } from "../../store/people.js";
import { css, html, LitElement, nothing } from "../../vendor/lit.js";

const NAMED = 2;

class Known extends LitElement {
  static properties = {
    userId: {},
    names: { state: true },
  };

  static styles = css`
    p {
      margin: 2px 0 0;
    }
  `;

  constructor() {
    super();
    this.userId = "";
    /** @type {string[]} */
    this.names = [];
    this.total = 0;
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    if (changed.has("userId") && this.userId) this.#load(this.userId);
  }

  render() {
    if (this.names.length === 0) return nothing;
    return html`<p>${peopleWords.followedByKnown(this.names, this.total)}</p>`;
  }

  /** @param {string} userId */
  async #load(userId) {
    this.names = [];
    const page = await people.known(userId, NAMED);
    if (!page || userId !== this.userId) return;
    this.total = page.total;
    this.names = page.users.map(({ name }) => name);
  }
}

customElements.define("kabar-known", Known);
