/** Which class an element has, for `querySelector`: those that other elements call. */

import type { Composer } from "./composer.js";
import type { Confirm } from "./confirm.js";
import type { EmojiPicker } from "./emoji-picker.js";
import type { FormerWords } from "./former-words.js";
import type { Forward } from "./forward.js";
import type { GroupPanel } from "./group/panel.js";
import type { MessageList } from "./message-list.js";
import type { NewPoll } from "./new-poll.js";
import type { Reactors } from "./reactors.js";
import type { Report } from "./report.js";
import type { RoomList } from "./room-list.js";
import type { RoomView } from "./room.js";
import type { ScheduledView } from "./scheduled.js";
import type { Settle } from "./settle.js";
import type { Suspend } from "./suspend.js";
import type { Viewer } from "./viewer.js";

declare global {
  interface HTMLElementTagNameMap {
    "kabar-composer": Composer;
    "kabar-confirm": Confirm;
    "kabar-emoji-picker": EmojiPicker;
    "kabar-former-words": FormerWords;
    "kabar-forward": Forward;
    "kabar-group-panel": GroupPanel;
    "kabar-message-list": MessageList;
    "kabar-new-poll": NewPoll;
    "kabar-reactors": Reactors;
    "kabar-report": Report;
    "kabar-room": RoomView;
    "kabar-room-list": RoomList;
    "kabar-scheduled": ScheduledView;
    "kabar-settle": Settle;
    "kabar-suspend": Suspend;
    "kabar-viewer": Viewer;
  }
}
