/** Which class an element has, for `querySelector`: those that other elements call. */

import type { Composer } from "./composer.js";
import type { MessageList } from "./message-list.js";
import type { RoomList } from "./room-list.js";

declare global {
  interface HTMLElementTagNameMap {
    "kabar-composer": Composer;
    "kabar-message-list": MessageList;
    "kabar-room-list": RoomList;
  }
}
