// How a poll stands, with what I chose: at once, and whichever news of it comes first.

import { call } from "../common/api.js";

/**
 * @typedef {import("../common/types").Poll} Poll
 * @typedef {import("../common/types").Message} Message
 * @typedef {import("./room-log.js").RoomLog} RoomLog
 */

/** The last vote on its way, by message: one after the other, so that the last one counts. */
const onTheirWay = /** @type {Map<string, Promise<unknown>>} */ (new Map());

/**
 * Chooses in a poll, in place of what I chose before. Seen at once; undone when it is refused.
 * @param {RoomLog} log
 * @param {Message} message
 * @param {string[]} optionIds
 */
export async function vote(log, { id, poll }, optionIds) {
  if (!poll) return;
  const before = mineOf(poll);
  log.change(id, { poll: withChoice(poll, optionIds) });
  const earlier = onTheirWay.get(id) ?? Promise.resolve();
  const send = () => call("PUT", `api/chat/messages/${id}/votes`, { body: { optionIds } });
  const sent = earlier.then(send, send);
  onTheirWay.set(id, sent);
  try {
    const answer = await sent;
    if (onTheirWay.get(id) === sent) log.update(answer);
  } catch (error) {
    const now = log.messages.find((each) => each.id === id)?.poll;
    if (now && onTheirWay.get(id) === sent) log.change(id, { poll: withChoice(now, before) });
    throw error;
  } finally {
    if (onTheirWay.get(id) === sent) onTheirWay.delete(id);
  }
}

/** It takes no more votes. @param {RoomLog} log @param {Message} message */
export async function closePoll(log, { id }) {
  log.update(await call("POST", `api/chat/messages/${id}/poll/close`));
}

/** What I chose. @param {Poll} poll */
export const mineOf = ({ options }) => options.filter(({ mine }) => mine).map(({ id }) => id);

/** As it stands when I choose this. @param {Poll} poll @param {string[]} optionIds @returns {Poll} */
export function withChoice(poll, optionIds) {
  const voted = Number(optionIds.length > 0) - Number(mineOf(poll).length > 0);
  return {
    ...poll,
    votersCount: poll.votersCount + voted,
    options: poll.options.map((option) => {
      const mine = optionIds.includes(option.id);
      return { ...option, mine, count: option.count + Number(mine) - Number(option.mine ?? false) };
    }),
  };
}

/**
 * What many are told at once does not say what is mine.
 * @param {Poll | undefined} poll
 * @param {Poll | undefined} known
 * @returns {Poll | undefined}
 */
export function withMyVotes(poll, known) {
  const mine = known ? mineOf(known) : [];
  return (
    poll && {
      ...poll,
      options: poll.options.map((each) => ({ ...each, mine: each.mine ?? mine.includes(each.id) })),
    }
  );
}
