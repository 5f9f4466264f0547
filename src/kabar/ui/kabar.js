// What a page of any site loads: Kabar's elements, and `onNotification` for its scripts.

import "./elements/chat-bell.js";
import "./elements/chat.js";
import "./elements/follow-button.js";
import "./elements/notification-bell.js";
import "./elements/notification-center.js";
import { live } from "./live/live.js";

/**
 * Calls back for each notification that this user gets from now on.
 * @param {string} userId who is signed in
 * @param {(notification: import("./common/types").Notification) => void} callback
 * @returns {() => void} stops it
 */
export function onNotification(userId, callback) {
  /** @type {Set<string>} */
  const told = new Set();
  return live.listen(`private-user-${userId}`, {
    "new-notification": (notification) => {
      // After a crash the server may say the same thing twice.
      const fact = `${notification.id}:${notification.updatedAt ?? notification.count}`;
      if (!told.has(fact)) callback(notification);
      told.add(fact);
    },
  });
}
