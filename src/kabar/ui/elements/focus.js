// Where the focus goes: through a list with the arrow keys, and back when its place is gone.

const STEPS = {
  ArrowDown: 1,
  ArrowRight: 1,
  ArrowUp: -1,
  ArrowLeft: -1,
  Home: -Infinity,
  End: Infinity,
};
const FOCUSABLE = "a[href], button, input, select, textarea, [tabindex]";
/** What a key press says that an input method took: Safari sends it after the composition ended. */
const TAKEN_BY_INPUT_METHOD = 229;

/** Whether a key was pressed for the input method, not for the page. @param {KeyboardEvent} event */
export const isForInputMethod = (event) =>
  event.isComposing || event.keyCode === TAKEN_BY_INPUT_METHOD;

/**
 * @param {KeyboardEvent} event a keydown within the list
 * @param {string} selector of what takes the focus
 */
export function moveFocus(event, selector) {
  const step = STEPS[/** @type {keyof typeof STEPS} */ (event.key)];
  if (!step) return;
  const list = /** @type {Element} */ (event.currentTarget);
  const items = /** @type {HTMLElement[]} */ ([...list.querySelectorAll(selector)]);
  const at = items.findIndex((item) => item.contains(/** @type {Node} */ (event.target)));
  const next = Math.min(Math.max(at + step, 0), items.length - 1);
  event.preventDefault();
  items[next]?.focus();
}

/**
 * Remembers where the focus is. The answer puts it back there, or as near as something takes it;
 * it does nothing when the focus is somewhere else by then.
 * @returns {() => void}
 */
export function holdFocus() {
  const places = withAncestors(focused());
  return () => {
    if (focused()) return;
    places.some((place) => place.isConnected && takesFocus(place));
  };
}

/** Its host's focus does not fall to the page when what had it is no longer drawn. */
export class KeepsFocus {
  /** @type {() => void} */
  #putBack = () => {};

  /** @param {import("../vendor/lit.js").ReactiveControllerHost & HTMLElement} host */
  constructor(host) {
    this.host = host;
    host.addController(this);
  }

  hostUpdate() {
    const isInside = Boolean(this.host.shadowRoot?.activeElement);
    this.#putBack = isInside ? holdFocus() : () => {};
  }

  hostUpdated() {
    this.#putBack();
  }
}

/** What has the focus, within whatever shadow roots. @returns {Element | null} */
function focused() {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element && element !== document.body && isSeen(element) ? element : null;
}

/** What was hidden keeps the focus until the browser looks again. @param {Element} element */
const isSeen = (element) =>
  element.checkVisibility?.({ visibilityProperty: true, checkVisibilityCSS: true }) ?? true;

/** @param {Element | null} element @returns {Element[]} */
function withAncestors(element) {
  const found = [];
  for (let each = element; each && each !== document.body; each = parentOf(each)) found.push(each);
  return found;
}

/** @param {Element} element @returns {Element | null} */
function parentOf(element) {
  const root = element.getRootNode();
  return element.parentElement ?? (root instanceof ShadowRoot ? root.host : null);
}

/** @param {Element} place */
function takesFocus(place) {
  for (const each of [place, ...place.querySelectorAll(FOCUSABLE)]) {
    /** @type {HTMLElement} */ (each).focus({ preventScroll: true });
    if (focused()) return true;
  }
  return false;
}
