// Whose lists are not for me, and why.

import { peopleWords } from "../../common/people-words.js";
import { words } from "../../common/words.js";
import { blocks } from "../../store/blocks.js";
import { people } from "../../store/people.js";
import { session } from "../../store/session.js";

/** @typedef {import("../../common/types").User} User */

/** @param {User} user */
export function isHidden({ id, isPrivate, hideFollows }) {
  if (id === session.user?.id) return false;
  return blocks.has(id) || hideFollows || (isPrivate && !people.state(id)?.following);
}

/** @param {User} user */
export function whyHidden({ id, hideFollows }) {
  if (blocks.has(id)) return words.listsAreBlocked;
  return hideFollows ? peopleWords.listsAreHidden : words.listsArePrivate;
}
