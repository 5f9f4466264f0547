"""What happens in threads, and which sockets hear of it. (What is said there is `MessageSent`.)"""

from __future__ import annotations

from collections.abc import Iterable

from kabar.core.events import Event, Publication, publication
from kabar.features.accounts.channels import private_user_channel
from kabar.features.chat.channels import private_room
from kabar.features.chat.threads.schemas import ThreadView


class ThreadChanged(Event, frozen=True, kw_only=True):
    """There are more replies in a thread, or fewer. Who follows it is told by a teller."""

    room_id: str
    thread_id: str
    thread: ThreadView
    #: of the message that it hangs on
    version: int
    #: who said what is new; nobody when a reply was deleted
    repliers: tuple[str, ...] = ()
    #: who is mentioned in it, and so hears of it in a muted room, too
    mentioned: tuple[str, ...] = ()

    @property
    def concerns(self) -> tuple[str, ...]:
        return (self.room_id,)

    def publications(self) -> Iterable[Publication]:
        data = {
            "roomId": self.room_id,
            "threadId": self.thread_id,
            "thread": self.thread,
            "version": self.version,
        }
        yield publication((private_room(self.room_id),), "thread-updated", data)


class ThreadRead(Event, frozen=True, kw_only=True):
    """Somebody read on in a thread, or has less to read there."""

    room_id: str
    thread_id: str
    user_id: str
    last_read_seq: int
    unread_count: int
    #: of the unread count
    version: int
    read_at: str | None
    #: whether the room hears of it, or only the reader's own devices
    is_told: bool
    socket_id: str | None

    @property
    def concerns(self) -> tuple[str, ...]:
        return (self.room_id, self.user_id)

    def publications(self) -> Iterable[Publication]:
        read = {
            "roomId": self.room_id,
            "threadId": self.thread_id,
            "userId": self.user_id,
            "lastReadSeq": self.last_read_seq,
            "readAt": self.read_at,
        }
        if self.is_told:
            yield publication(
                (private_room(self.room_id),), "thread-read", read, except_socket=self.socket_id
            )
        yield publication(
            (private_user_channel(self.user_id),),
            "thread-read",
            read | {"unreadCount": self.unread_count, "version": self.version},
            except_socket=self.socket_id,
        )


class ThreadsLeft(Event, frozen=True, kw_only=True):
    """Somebody follows these threads of a room no longer. No socket hears of it."""

    room_id: str
    user_id: str
    thread_ids: list[str]

    @property
    def concerns(self) -> tuple[str, ...]:
        return (self.room_id, self.user_id)
