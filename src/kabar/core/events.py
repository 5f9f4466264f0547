"""Events: what a transaction says has happened, and what is published on channels because of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, Protocol, Self

import msgspec

from kabar.core.ids import new_id

encode_json = msgspec.json.Encoder().encode


class Publication(msgspec.Struct, frozen=True, kw_only=True):
    """An event on its way to channels."""

    channels: tuple[str, ...]
    event: str
    #: exactly the string that clients get as `data`
    data: str
    #: the socket that caused it, and does not get it
    except_socket: str | None = None
    #: who sent it: only for client events on presence channels
    user_id: str | None = None
    #: the Pusher app; empty is the first one, Kabar's own
    app_id: str = ""
    #: the same on all its channels and nodes; only where a channel has a history
    id: str | None = None
    #: for many channels of one kind, which keep no events: made once for all of them
    is_shared: bool = False


class Revocation(msgspec.Struct, frozen=True, kw_only=True):
    """A user may no longer hear a channel: their sockets are cut off it."""

    channel: str
    user_id: str


class Dismissal(msgspec.Struct, frozen=True, kw_only=True):
    """What a user was signed in with has ended: their sockets are closed."""

    user_id: str


class Publisher(Protocol):
    """Takes publications, in order: the transport. No call waits or raises."""

    def publish(self, publications: Sequence[Publication]) -> None: ...

    def revoke(self, channel: str, user_id: str) -> None: ...

    def reauthorize(self, user_id: str) -> None: ...

    @property
    def arrivals(self) -> int:
        """A number that grows whenever a channel gets its first listener here."""

    def listening(self, channels: AbstractSet[str]) -> AbstractSet[str]:
        """Return those channels that somebody listens to here. Any thread may ask."""


class Event(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Something that happened, named in the past tense. Passed to `tx.emit`, and published and
    handled only after the commit.

    It is stored as JSON in the outbox until all consumers have had it. So its fields are what JSON
    can hold, and a field that is added later needs a default.
    """

    #: the same whenever the same event is repeated
    event_id: str = msgspec.field(default_factory=new_id)

    @property
    def concerns(self) -> tuple[str, ...]:
        """Whom and what it concerns, by id: of one of them, what is committed first is told first.

        Whoever tells it holds a lock of the database on each of them.
        """
        return ()

    @property
    def is_told_later(self) -> bool:
        """Whether there is somebody whom a teller has to tell what has become of it."""
        return True

    def kept(self) -> Self:
        """Return it as the outbox keeps it: without what can be found again."""
        return self

    def publications(self) -> Iterable[Publication | Revocation | Dismissal]:
        """Return what is published because of it, who is cut off a channel and whose sockets are
        closed, in order; no I/O."""
        return ()


def publication(
    channels: Sequence[str], event: str, data: Any, *, except_socket: str | None = None
) -> Publication:
    """Return a publication of `data`, as JSON, to these channels."""
    return Publication(
        channels=tuple(channels),
        event=event,
        data=encode_json(data).decode(),
        except_socket=except_socket,
    )
