"""What becomes of a room as it is shown in lists, and who hears of it."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from kabar.core.events import Event, Publication, Revocation, encode_json
from kabar.features.chat.channels import room_channels


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


class RoomClosed(Event, frozen=True, kw_only=True):
    """One of the two of a direct room blocks the other: neither hears anything of it."""

    room_id: str
    user_ids: tuple[str, ...]

    @property
    def concerns(self) -> tuple[str, ...]:
        return (self.room_id, *self.user_ids)

    def publications(self) -> Iterable[Revocation]:
        for user_id in self.user_ids:
            for channel in room_channels(self.room_id):
                yield Revocation(channel=channel, user_id=user_id)


class RoomReopened(Event, frozen=True, kw_only=True):
    """Neither of the two of a direct room blocks the other any more; who asks may hear it."""

    room_id: str
    user_ids: tuple[str, ...]

    @property
    def concerns(self) -> tuple[str, ...]:
        return (self.room_id, *self.user_ids)
