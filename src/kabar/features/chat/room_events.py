"""What becomes of a room as it is shown in lists, and who hears of it."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from kabar.core.events import Event, Publication, encode_json, publication
from kabar.features.accounts.channels import private_user_channel


class LastMessageChanged(Event, frozen=True, kw_only=True):
    """What a room said last was edited or deleted: lists of rooms must not show it any longer.

    `channels` are those of participants who listened.
    """

    room_id: str
    last_seq: int
    last_message: str | None
    last_message_at: str
    channels: list[str]
    socket_id: str | None

    @property
    def concerns(self) -> tuple[str, ...]:
        return (self.room_id,)

    def kept(self) -> LastMessageChanged:
        return msgspec.structs.replace(self, channels=[])

    def publications(self) -> Iterable[Publication]:
        if self.channels:
            changed = {
                "roomId": self.room_id,
                "lastSeq": self.last_seq,
                "lastMessage": self.last_message,
                "lastMessageAt": self.last_message_at,
            }
            yield Publication(
                channels=tuple(self.channels),
                event="room-updated",
                data=encode_json(changed).decode(),
                except_socket=self.socket_id,
                # What many share leaves nobody out.
                is_shared=self.socket_id is None,
            )


class MyRoomChanged(Event, frozen=True, kw_only=True):
    """Somebody muted or pinned a room, or does so no longer."""

    room_id: str
    user_id: str
    is_muted: bool = False
    is_pinned: bool = False

    @property
    def concerns(self) -> tuple[str, ...]:
        return (self.user_id,)

    def publications(self) -> Iterable[Publication]:
        mine = {"isMuted": self.is_muted, "isPinned": self.is_pinned}
        data = {"roomId": self.room_id, "me": mine}
        yield publication([private_user_channel(self.user_id)], "room-updated", data)
