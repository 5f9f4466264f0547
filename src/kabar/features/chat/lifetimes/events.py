"""What is told of messages whose time is over."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from kabar.core.events import Event, Publication, publication
from kabar.features.chat.bell import Recipient
from kabar.features.chat.channels import private_room


class MessagesExpired(Event, frozen=True, kw_only=True):
    """Messages of a room have disappeared; `unread` says whose unread count fell, and to what, of
    those who listened."""

    room_id: str
    seqs: list[int]
    unread: list[Recipient]

    @property
    def concerns(self) -> tuple[str, ...]:
        return (self.room_id,)

    def kept(self) -> MessagesExpired:
        return msgspec.structs.replace(self, unread=[])

    def publications(self) -> Iterable[Publication]:
        gone = {"roomId": self.room_id, "seqs": self.seqs}
        yield publication((private_room(self.room_id),), "messages-expired", gone)
        for person in self.unread:
            yield publication(
                person.channels,
                "messages-expired",
                gone | {"unreadCount": person.unread_count, "version": person.version},
            )
