// Which keys lead through the messages, and to what can be done with one.

import { isForInputMethod, moveFocus } from "./focus.js";

/** Answers whether the key leads out of the list. @param {KeyboardEvent} event */
export function leavesByKey(event) {
  const target = /** @type {HTMLElement} */ (event.target);
  const row = target.closest(".row");
  if (event.defaultPrevented || isForInputMethod(event)) return false;
  if (event.key === "Enter" && target.matches(".bubble")) {
    event.preventDefault();
    focusOn(row?.querySelector(".action"));
  } else if (event.key === "Escape" && target.matches(".action")) {
    focusOn(row?.querySelector(".bubble"));
  } else if (event.key === "Escape") {
    return true;
  } else if (event.key === "ArrowUp" && target.matches(".scroll")) {
    event.preventDefault();
    focusOn([...target.querySelectorAll(".bubble")].at(-1));
  } else if (target.matches(".bubble")) {
    moveFocus(event, ".bubble");
  }
  return false;
}

/** @param {Element | null | undefined} element */
export function focusOn(element) {
  if (element instanceof HTMLElement) element.focus();
}
