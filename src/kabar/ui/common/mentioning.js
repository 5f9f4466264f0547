// Which name is being written after an `@`, and what the text is once it is chosen.

/** In a group of more, only its owner and admins mention all. */
const MOST_FOR_ALL = 100;
/** As the server reads what stands before a name; people are also found by letters that no username has. */
const BEGUN = /(?<![\p{L}\p{N}_@./:+-])@([\p{L}\p{N}_.]{0,30})$/u;

/**
 * The name that ends where one writes, or null.
 * @param {string} text
 * @param {number} caret
 */
export function nameAt(text, caret) {
  const found = BEGUN.exec(text.slice(0, caret));
  return found && { from: found.index, to: caret, query: found[1] };
}

/**
 * With a name in place of what was begun of it, and a space behind it.
 * @param {string} text
 * @param {{from: number, to: number}} begun
 * @param {string} name
 */
export function withName(text, { from, to }, name) {
  const before = `${text.slice(0, from)}@${name} `;
  return { text: before + text.slice(to).replace(/^ /u, ""), caret: before.length };
}

/** Whether a name of somebody begins so. @param {{username: string, name: string}} who @param {string} query */
export const isCalled = ({ username, name }, query) =>
  [username, ...name.split(/\s+/u)].some((each) => each.toLowerCase().startsWith(query.toLowerCase()));

/** Whether I may mention all who are in a room by `@room`. @param {import("./types").Room | null} room */
export function mayMentionAll(room) {
  if (room?.type !== "GROUP") return false;
  return room.participantsCount <= MOST_FOR_ALL || room.me.role !== "member";
}
