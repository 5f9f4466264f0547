"""What happens in groups beyond messages, and which sockets hear of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kabar.core.events import Event, Publication, Revocation, publication
from kabar.features.accounts.channels import user_channels
from kabar.features.chat.channels import private_room, room_channels
from kabar.features.chat.models import RoomType
from kabar.features.chat.schemas import MessageView


class ParticipantJoined(Event, frozen=True, kw_only=True):
    """Somebody came into a room: by themselves or added by another."""

    room_id: str
    user_id: str
    name: str
    by: str

    @property
    def concerns(self) -> tuple[str, ...]:
        return (self.room_id, self.user_id)

    def publications(self) -> Iterable[Publication]:
        yield publication(
            (private_room(self.room_id), *user_channels(self.user_id)), "user-joined", _who(self)
        )


class ParticipantLeft(Event, frozen=True, kw_only=True):
    """Somebody left a room, or was removed: they hear nothing more of it, at once."""

    room_id: str
    user_id: str
    name: str
    by: str

    @property
    def concerns(self) -> tuple[str, ...]:
        return (self.room_id, self.user_id)

    def publications(self) -> Iterable[Publication | Revocation]:
        for channel in room_channels(self.room_id):
            yield Revocation(channel=channel, user_id=self.user_id)
        yield publication(
            (private_room(self.room_id), *user_channels(self.user_id)), "user-left", _who(self)
        )


def _who(event: ParticipantJoined | ParticipantLeft) -> dict[str, str]:
    return {
        "roomId": event.room_id,
        "userId": event.user_id,
        "name": event.name,
        "by": event.by,
    }


class RoomChanged(Event, frozen=True, kw_only=True):
    """A group has a new name, picture or description, or other rules."""

    room_id: str
    name: str | None
    avatar: str | None
    by: str
    description: str | None = None
    join_rule: str = "invite"
    is_announcement: bool = False
    slow_mode_seconds: int = 0
    message_ttl_seconds: int = 0
    retention_days: int | None = None
    #: a `RoomType`: of a direct room, only how long messages live is told
    room_type: str = RoomType.GROUP

    @property
    def concerns(self) -> tuple[str, ...]:
        return (self.room_id,)

    def publications(self) -> Iterable[Publication]:
        yield publication((private_room(self.room_id),), "room-updated", self.told())

    def told(self) -> dict[str, Any]:
        """Return it as the room hears it."""
        of_all = {
            "roomId": self.room_id,
            "messageTtlSeconds": self.message_ttl_seconds,
            "by": self.by,
        }
        if self.room_type == RoomType.DIRECT:
            return of_all
        return of_all | {
            "name": self.name,
            "avatar": self.avatar,
            "description": self.description,
            "joinRule": self.join_rule,
            "isAnnouncement": self.is_announcement,
            "slowModeSeconds": self.slow_mode_seconds,
            "retentionDays": self.retention_days,
        }


class RoleChanged(Event, frozen=True, kw_only=True):
    """Somebody has another role in a group."""

    room_id: str
    user_id: str
    role: str
    by: str

    @property
    def concerns(self) -> tuple[str, ...]:
        return (self.room_id, self.user_id)

    def publications(self) -> Iterable[Publication]:
        yield publication(
            (private_room(self.room_id), *user_channels(self.user_id)),
            "participant-updated",
            {"roomId": self.room_id, "userId": self.user_id, "role": self.role, "by": self.by},
        )


class SystemMessageWritten(Event, frozen=True, kw_only=True):
    """A group tells what happened in it. It rings no bell."""

    message: MessageView

    @property
    def concerns(self) -> tuple[str, ...]:
        return (self.message.room_id,)

    def publications(self) -> Iterable[Publication]:
        yield publication((private_room(self.message.room_id),), "new-message", self.message)


class JoinRequested(Event, frozen=True, kw_only=True):
    """Somebody asks to come into a group: those who may let them in hear of it."""

    room_id: str
    user_id: str
    name: str
    username: str
    avatar: str | None
    #: its owner and admins
    staff: list[str]

    @property
    def concerns(self) -> tuple[str, ...]:
        return (self.room_id,)

    def publications(self) -> Iterable[Publication]:
        data = {
            "roomId": self.room_id,
            "userId": self.user_id,
            "name": self.name,
            "username": self.username,
            "avatar": self.avatar,
        }
        yield publication(_of_all(self.staff), "join-requested", data)


class JoinRequestEnded(Event, frozen=True, kw_only=True):
    """A request was answered, or needs no answer any more. Who asked is not told of a refusal."""

    room_id: str
    user_id: str
    staff: list[str]

    @property
    def concerns(self) -> tuple[str, ...]:
        return (self.room_id,)

    def publications(self) -> Iterable[Publication]:
        data = {"roomId": self.room_id, "userId": self.user_id}
        yield publication(_of_all(self.staff), "join-request-ended", data)


def _of_all(user_ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(channel for user_id in user_ids for channel in user_channels(user_id))
