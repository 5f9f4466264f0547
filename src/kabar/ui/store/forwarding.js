// Forwarding: saying in other conversations what somebody said.

import { call } from "../common/api.js";
import { rooms } from "./rooms.js";

/**
 * Into all of these rooms, or into none.
 * @param {import("../common/types").Message} message
 * @param {string[]} roomIds
 * @param {string} key with which it is done once, however often it is sent
 */
export async function forward(message, roomIds, key) {
  const body = { roomIds };
  const said = await call("POST", `api/chat/messages/${message.id}/forward`, { body, key });
  for (const each of said.messages) rooms.log(each.roomId).outgoing.confirm(each);
}
