"""What is told of pins."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Self

from kabar.core.events import Event, Publication, publication
from kabar.features.accounts.identity import Identity
from kabar.features.chat.channels import private_room
from kabar.features.chat.schemas import MessageView


class _Pinned(Event, frozen=True, kw_only=True):
    told_as: ClassVar[str]

    room_id: str
    message_id: str
    seq: int
    user_id: str
    name: str
    pinned_at: str | None
    #: of the message
    version: int
    socket_id: str | None

    @classmethod
    def by(
        cls, pinner: Identity, message: MessageView, pinned_at: str | None, socket_id: str | None
    ) -> Self:
        return cls(
            room_id=message.room_id,
            message_id=message.id,
            seq=message.seq,
            user_id=pinner.user_id,
            name=pinner.name,
            pinned_at=pinned_at,
            version=message.version + 1,
            socket_id=socket_id,
        )

    @property
    def concerns(self) -> tuple[str, ...]:
        return (self.room_id,)

    def publications(self) -> Iterable[Publication]:
        data = {
            "roomId": self.room_id,
            "messageId": self.message_id,
            "seq": self.seq,
            "userId": self.user_id,
            "name": self.name,
            "pinnedAt": self.pinned_at,
            "version": self.version,
        }
        yield publication(
            (private_room(self.room_id),), self.told_as, data, except_socket=self.socket_id
        )


class MessagePinned(_Pinned, frozen=True, kw_only=True):
    """Somebody pinned a message."""

    told_as: ClassVar[str] = "message-pinned"


class MessageUnpinned(_Pinned, frozen=True, kw_only=True):
    """Somebody took a pin away."""

    told_as: ClassVar[str] = "message-unpinned"
