"""What is told of reactions: who did what, and all counts of the message, so that none drifts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Self

from kabar.core.events import Event, Publication, publication
from kabar.features.accounts.identity import Identity
from kabar.features.chat.channels import private_room
from kabar.features.chat.schemas import MessageView, ReactionCount


class _Reacted(Event, frozen=True, kw_only=True):
    told_as: ClassVar[str]

    room_id: str
    message_id: str
    seq: int
    emoji: str
    user_id: str
    name: str
    reactions: list[ReactionCount]
    #: of the message
    version: int
    socket_id: str | None

    @classmethod
    def by(
        cls,
        caller: Identity,
        message: MessageView,
        emoji: str,
        reactions: list[ReactionCount],
        socket_id: str | None,
    ) -> Self:
        return cls(
            room_id=message.room_id,
            message_id=message.id,
            seq=message.seq,
            emoji=emoji,
            user_id=caller.user_id,
            name=caller.name,
            reactions=reactions,
            version=message.version + 1,
            socket_id=socket_id,
        )

    @property
    def concerns(self) -> tuple[str, ...]:
        return (self.room_id,)

    def publications(self) -> Iterable[Publication]:
        counts = {each.emoji: each.count for each in self.reactions}
        data = {
            "roomId": self.room_id,
            "messageId": self.message_id,
            "seq": self.seq,
            "emoji": self.emoji,
            "userId": self.user_id,
            "name": self.name,
            "count": counts.get(self.emoji, 0),
            "reactions": self.reactions,
            "version": self.version,
        }
        yield publication(
            (private_room(self.room_id),), self.told_as, data, except_socket=self.socket_id
        )


class ReactionAdded(_Reacted, frozen=True, kw_only=True):
    """Somebody put an emoji on a message."""

    told_as: ClassVar[str] = "reaction-added"


class ReactionRemoved(_Reacted, frozen=True, kw_only=True):
    """Somebody took an emoji of theirs from a message."""

    told_as: ClassVar[str] = "reaction-removed"
