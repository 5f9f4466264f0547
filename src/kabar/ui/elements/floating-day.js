// The day through which one scrolls: its label floats over the messages, but not while they rest.

const RESTS_AFTER_MILLISECONDS = 1_200;

export class FloatingDay {
  #timer = 0;

  /** @param {HTMLElement} scroller it holds days: `.day`, each with its `.date` */
  constructor(scroller) {
    this.scroller = scroller;
  }

  /** Finds the labels that no longer stand where their day begins: there they would cover text. */
  mark() {
    const edge = this.scroller.getBoundingClientRect().top;
    for (const day of this.scroller.querySelectorAll(".day")) {
      const label = day.querySelector(".date");
      label?.classList.toggle("floats", day.getBoundingClientRect().top < edge - 1);
    }
  }

  /** Somebody scrolls. */
  show() {
    this.scroller.classList.add("moves");
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(
      () => this.scroller.classList.remove("moves"),
      RESTS_AFTER_MILLISECONDS,
    );
  }
}
