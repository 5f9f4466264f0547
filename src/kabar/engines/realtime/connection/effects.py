"""Effects: what a connection wants the node to do, as values."""

from __future__ import annotations

import msgspec

from kabar.core.events import Publication
from kabar.engines.realtime.connection.replay import Replay
from kabar.engines.realtime.protocol import errors, frames
from kabar.engines.realtime.protocol.frames import Member


class Send(msgspec.Struct, frozen=True):
    """Write this frame to the socket."""

    frame: bytes


class Close(msgspec.Struct, frozen=True):
    """Close the socket. The code tells the client whether to come back."""

    code: int
    reason: str


class Join(msgspec.Struct, frozen=True):
    """Let the socket hear the channel, as this member if it is a presence channel.

    The node confirms the subscription, and sends the past events that the client asked for.
    """

    channel: str
    member: Member | None = None
    replay: Replay | None = None


class Leave(msgspec.Struct, frozen=True):
    """Let the socket hear the channel no more."""

    channel: str
    member: Member | None = None


class Publish(msgspec.Struct, frozen=True):
    """Send a client event on its way."""

    publication: Publication


class BelongTo(msgspec.Struct, frozen=True):
    """Remember that this socket has to do with this user."""

    user_id: str


class ComeOnline(msgspec.Struct, frozen=True):
    """The socket's user has signed in on it."""

    user_id: str


class GoOffline(msgspec.Struct, frozen=True):
    """A socket that a user signed in on is gone."""

    user_id: str


class Watch(msgspec.Struct, frozen=True):
    """Tell the socket which of these users are online, now and whenever it changes."""

    user_ids: tuple[str, ...]


class Authorized(msgspec.Struct, frozen=True):
    """The client has shown who it is, to an app that wants that: from now on it counts."""


class AskGuard(msgspec.Struct, frozen=True):
    """Find out whether the socket may hear a channel that looks public, then call `guarded`.

    First, where that is not known, whose handshake it was. Nothing is heard until then.
    """

    channel: str


Effect = (
    Send
    | Close
    | Join
    | Leave
    | Publish
    | BelongTo
    | ComeOnline
    | GoOffline
    | Watch
    | Authorized
    | AskGuard
)


def error_effects(error: errors.PusherError) -> list[Effect]:
    """Return what tells a client of an error: a frame, and for a fatal one a close as well.

    Clients of protocol 5 only understand the frame, later ones only the close code.
    """
    frame = Send(frames.error(error.code, error.message))
    match error:
        case errors.Fatal(code=code, message=message):
            return [frame, Close(code, message)]
        case _:
            return [frame]
