// What is shown of a message above one that answers it, until the server has said it itself.

import { shown } from "./files.js";

/** @param {import("./types").Message} message @returns {import("./types").Quote} */
export const quoteOf = ({ id, seq, senderId, sender, ...said }) =>
  ({ id, seq, senderId, senderName: sender.name, content: shown(said), deletedAt: null });
