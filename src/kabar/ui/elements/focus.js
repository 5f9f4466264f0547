// Moving the focus through a list with the arrow keys.

const STEPS = {
  ArrowDown: 1,
  ArrowRight: 1,
  ArrowUp: -1,
  ArrowLeft: -1,
  Home: -Infinity,
  End: Infinity,
};

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
