"""What happens in rooms, and which sockets hear of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from kabar.core.events import Event, Publication, publication
from kabar.core.text import beginning
from kabar.features.accounts.channels import private_user_channel, user_channels
from kabar.features.chat.audience import Crowd
from kabar.features.chat.bell import PREVIEW_CHARACTERS, Bell, Recipient, bell_publications
from kabar.features.chat.channels import private_room
from kabar.features.chat.schemas import MessageView
from kabar.features.chat.text import shown


def mentions(count: int, first_id: str | None) -> dict[str, Any]:
    """Return what is told of what mentions somebody and is not read."""
    return {"mentionsCount": count, "firstMentionId": first_id}


class MessageSent(Event, frozen=True, kw_only=True):
    """Somebody said something.

    What can be read again is not kept in the outbox: of the message only where it is, and of those
    who listened nothing.
    """

    room_id: str = ""
    message_id: str = ""
    message: MessageView | None = None
    #: for whoever listened when it was said
    bells: list[Bell] = []
    #: to whom it is the first that is new since they last looked
    rung: tuple[str, ...] = ()
    crowd: Crowd | None = None
    #: it rings nowhere: to those above it is told that their counts have changed
    is_silent: bool | msgspec.UnsetType = msgspec.UNSET
    socket_id: str | None

    @property
    def said(self) -> MessageView:
        """The message, as long as it has not been through the outbox."""
        assert self.message is not None
        return self.message

    @property
    def concerns(self) -> tuple[str, ...]:
        return (self.room_id,)

    @property
    def is_told_later(self) -> bool:
        return bool(self.rung) or (self.crowd is not None and bool(self.crowd.latecomers()))

    def kept(self) -> MessageSent:
        return MessageSent(
            event_id=self.event_id,
            room_id=self.room_id,
            message_id=self.message_id,
            is_silent=self.is_silent,
            socket_id=self.socket_id,
        )

    def publications(self) -> Iterable[Publication]:
        message = self.message
        if message is None:
            return
        yield publication(
            (private_room(message.room_id),),
            "new-message",
            message,
            except_socket=self.socket_id,
        )
        if message.thread_id is not None:
            # In lists of rooms nothing is new.
            return
        yield from bell_publications(message, self.bells, is_silent=bool(self.is_silent))
        senders = private_user_channel(message.sender_id)
        if self.crowd is None or senders in self.crowd.heard_by.get(message.sender_id, ()):
            yield publication(
                (senders,),
                "room-updated",
                {
                    "roomId": message.room_id,
                    "lastSeq": message.seq,
                    "lastMessage": beginning(
                        shown(message.content, message.type), characters=PREVIEW_CHARACTERS
                    ),
                    "lastMessageAt": message.created_at,
                },
                except_socket=self.socket_id,
            )


class MessageEdited(Event, frozen=True, kw_only=True):
    """Its author changed the words of a message."""

    message: MessageView
    socket_id: str | None

    @property
    def concerns(self) -> tuple[str, ...]:
        return (self.message.room_id,)

    def publications(self) -> Iterable[Publication]:
        yield publication(
            (private_room(self.message.room_id),),
            "message-edited",
            self.message,
            except_socket=self.socket_id,
        )


class MessageDeleted(Event, frozen=True, kw_only=True):
    """A message was deleted for all; `unread` says whose unread count fell, and to what, of those
    who listened."""

    room_id: str
    message_id: str
    seq: int
    by: str
    deleted_at: str
    unread: list[Recipient]
    socket_id: str | None

    @property
    def concerns(self) -> tuple[str, ...]:
        return (self.room_id,)

    def kept(self) -> MessageDeleted:
        return msgspec.structs.replace(self, unread=[])

    def publications(self) -> Iterable[Publication]:
        deleted = {
            "roomId": self.room_id,
            "messageId": self.message_id,
            "seq": self.seq,
            "by": self.by,
            "deletedAt": self.deleted_at,
            "scope": "all",
        }
        yield publication(
            (private_room(self.room_id),),
            "message-deleted",
            deleted,
            except_socket=self.socket_id,
        )
        for person in self.unread:
            counts = {"unreadCount": person.unread_count, "version": person.version}
            if person.mentions_count is not None:
                counts |= mentions(person.mentions_count, person.first_mention_id)
            yield publication(person.channels, "message-deleted", deleted | counts)


class MessageHidden(Event, frozen=True, kw_only=True):
    """Somebody deleted a message for themselves; nobody else hears of it."""

    room_id: str
    message_id: str
    seq: int
    user_id: str
    unread_count: int
    version: int
    mentions_count: int = 0
    first_mention_id: str | None = None
    socket_id: str | None

    @property
    def concerns(self) -> tuple[str, ...]:
        return (self.room_id, self.user_id)

    def publications(self) -> Iterable[Publication]:
        yield publication(
            (private_user_channel(self.user_id),),
            "message-deleted",
            {
                "roomId": self.room_id,
                "messageId": self.message_id,
                "seq": self.seq,
                "by": self.user_id,
                "scope": "me",
                "unreadCount": self.unread_count,
                "version": self.version,
                **mentions(self.mentions_count, self.first_mention_id),
            },
            except_socket=self.socket_id,
        )


class MessageRead(Event, frozen=True, kw_only=True):
    """Somebody read on; never back."""

    room_id: str
    user_id: str
    last_read_seq: int
    unread_count: int
    version: int = 0
    read_at: str
    #: whether the room hears of it, or only the reader's own devices
    is_told: bool = True
    mentions_count: int = 0
    first_mention_id: str | None = None
    socket_id: str | None

    @property
    def concerns(self) -> tuple[str, ...]:
        return (self.room_id, self.user_id)

    def publications(self) -> Iterable[Publication]:
        read = {
            "roomId": self.room_id,
            "userId": self.user_id,
            "lastReadSeq": self.last_read_seq,
            "readAt": self.read_at,
        }
        if self.is_told:
            yield publication(
                (private_room(self.room_id),), "message-read", read, except_socket=self.socket_id
            )
        # The reader's other tabs and devices: their badge falls.
        yield publication(
            user_channels(self.user_id)[:1],
            "message-read",
            read
            | {"unreadCount": self.unread_count, "version": self.version}
            | mentions(self.mentions_count, self.first_mention_id),
            except_socket=self.socket_id,
        )


class MessageUnread(Event, frozen=True, kw_only=True):
    """Somebody marked messages as unread. Only their own devices hear of it."""

    room_id: str
    user_id: str
    last_read_seq: int
    unread_count: int
    version: int
    mentions_count: int = 0
    first_mention_id: str | None = None
    socket_id: str | None

    @property
    def concerns(self) -> tuple[str, ...]:
        return (self.room_id, self.user_id)

    def publications(self) -> Iterable[Publication]:
        yield publication(
            (private_user_channel(self.user_id),),
            "message-unread",
            {
                "roomId": self.room_id,
                "userId": self.user_id,
                "lastReadSeq": self.last_read_seq,
                "unreadCount": self.unread_count,
                "version": self.version,
                **mentions(self.mentions_count, self.first_mention_id),
            },
            except_socket=self.socket_id,
        )


class MessageDelivered(Event, frozen=True, kw_only=True):
    """A device of somebody has all up to a message; never less again."""

    room_id: str
    user_id: str
    last_delivered_seq: int
    socket_id: str | None

    @property
    def concerns(self) -> tuple[str, ...]:
        return (self.room_id, self.user_id)

    def publications(self) -> Iterable[Publication]:
        yield publication(
            (private_room(self.room_id),),
            "message-delivered",
            {
                "roomId": self.room_id,
                "userId": self.user_id,
                "lastDeliveredSeq": self.last_delivered_seq,
            },
            except_socket=self.socket_id,
        )


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
