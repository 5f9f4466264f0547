"""What happens in rooms, and which sockets hear of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from kabar.core.events import Event, Publication, Revocation, publication
from kabar.features.accounts.channels import user_channels
from kabar.features.chat.channels import (
    encrypted_room,
    presence_room,
    private_room,
    room_alias,
)
from kabar.features.chat.schemas import MessageView

#: of a message, on the chat bell
PREVIEW_CHARACTERS = 50


class Recipient(msgspec.Struct, frozen=True, array_like=True):
    """A participant who is told of a message, and what they have not read with it."""

    user_id: str
    unread_count: int
    is_muted: bool


class MessageSent(Event, frozen=True, kw_only=True):
    """Somebody said something. `recipients` is empty in rooms too large to tell each by name."""

    message: MessageView
    recipients: list[Recipient]
    socket_id: str | None

    def publications(self) -> Iterable[Publication]:
        message = self.message
        yield publication(
            (private_room(message.room_id),),
            "new-message",
            message,
            except_socket=self.socket_id,
        )
        bell: dict[str, Any] = {
            "roomId": message.room_id,
            "messageId": message.id,
            "seq": message.seq,
            "senderId": message.sender_id,
            "senderName": message.sender.name,
            "content": message.content[:PREVIEW_CHARACTERS],
        }
        for recipient in self.recipients:
            bell["unreadCount"] = recipient.unread_count
            yield publication(user_channels(recipient.user_id), "new-message", bell)
        yield publication(
            user_channels(message.sender_id)[:1],
            "room-updated",
            {
                "roomId": message.room_id,
                "lastSeq": message.seq,
                "lastMessage": message.content[:PREVIEW_CHARACTERS],
                "lastMessageAt": message.created_at,
            },
            except_socket=self.socket_id,
        )


class MessageEdited(Event, frozen=True, kw_only=True):
    """Its author changed the words of a message."""

    message: MessageView
    socket_id: str | None

    def publications(self) -> Iterable[Publication]:
        yield publication(
            (private_room(self.message.room_id),),
            "message-edited",
            self.message,
            except_socket=self.socket_id,
        )


class MessageDeleted(Event, frozen=True, kw_only=True):
    """A message was deleted for all; `unread` says whose unread count fell, and to what."""

    room_id: str
    message_id: str
    seq: int
    by: str
    deleted_at: str
    unread: list[Recipient]
    socket_id: str | None

    def publications(self) -> Iterable[Publication]:
        deleted = {
            "roomId": self.room_id,
            "messageId": self.message_id,
            "seq": self.seq,
            "by": self.by,
            "deletedAt": self.deleted_at,
        }
        yield publication(
            (private_room(self.room_id),),
            "message-deleted",
            deleted,
            except_socket=self.socket_id,
        )
        for person in self.unread:
            yield publication(
                user_channels(person.user_id),
                "message-deleted",
                deleted | {"unreadCount": person.unread_count},
            )


class MessageRead(Event, frozen=True, kw_only=True):
    """Somebody read on; never back."""

    room_id: str
    user_id: str
    last_read_seq: int
    unread_count: int
    read_at: str
    socket_id: str | None

    def publications(self) -> Iterable[Publication]:
        read = {
            "roomId": self.room_id,
            "userId": self.user_id,
            "lastReadSeq": self.last_read_seq,
            "readAt": self.read_at,
        }
        yield publication(
            (private_room(self.room_id),), "message-read", read, except_socket=self.socket_id
        )
        # The reader's other tabs and devices: their badge falls.
        yield publication(
            user_channels(self.user_id)[:1],
            "message-read",
            read | {"unreadCount": self.unread_count},
            except_socket=self.socket_id,
        )


class ParticipantJoined(Event, frozen=True, kw_only=True):
    """Somebody came into a room: by themselves or added by another."""

    room_id: str
    user_id: str
    name: str
    by: str

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

    def publications(self) -> Iterable[Publication | Revocation]:
        for name_of in (private_room, encrypted_room, presence_room, room_alias):
            yield Revocation(channel=name_of(self.room_id), user_id=self.user_id)
        yield publication(
            (private_room(self.room_id), *user_channels(self.user_id)), "user-left", _who(self)
        )


class RoomChanged(Event, frozen=True, kw_only=True):
    """A group has a new name or picture."""

    room_id: str
    name: str | None
    avatar: str | None
    by: str

    def publications(self) -> Iterable[Publication]:
        yield publication(
            (private_room(self.room_id),),
            "room-updated",
            {"roomId": self.room_id, "name": self.name, "avatar": self.avatar, "by": self.by},
        )


def _who(event: ParticipantJoined | ParticipantLeft) -> dict[str, str]:
    return {
        "roomId": event.room_id,
        "userId": event.user_id,
        "name": event.name,
        "by": event.by,
    }


def typing_publication(
    *, room_id: str, user_id: str, name: str, typing: bool, except_socket: str | None
) -> Publication:
    """Return `user-typing`. It is no event: nothing of it is stored."""
    return publication(
        (private_room(room_id),),
        "user-typing",
        {"roomId": room_id, "userId": user_id, "name": name, "typing": typing},
        except_socket=except_socket,
    )
