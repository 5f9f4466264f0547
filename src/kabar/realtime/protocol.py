"""Every frame that the server sends, and the codes of its errors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

#: an error that echoes what a client sent stays shorter than this
_LONGEST_MESSAGE = 2_000

_encode = msgspec.json.Encoder().encode


# ── frames ───────────────────────────────────────────────────────────────────────────────────
# `data` is a string that holds JSON, and is there even when it has nothing to say: official
# clients read it without looking. The one exception is `pusher:error`, whose data is an object.


class _Frame(msgspec.Struct, omit_defaults=True):
    event: str
    channel: str | None = None
    data: Any = None
    user_id: str | None = None


def connection_established(socket_id: str, activity_timeout: int) -> bytes:
    data = {"socket_id": socket_id, "activity_timeout": activity_timeout}
    return _encode(_Frame("pusher:connection_established", data=_encode(data).decode()))


PING = _encode(_Frame("pusher:ping", data="{}"))
PONG = _encode(_Frame("pusher:pong", data="{}"))


def subscription_succeeded(channel: str) -> bytes:
    return _encode(_Frame("pusher_internal:subscription_succeeded", channel, "{}"))


def presence_subscription_succeeded(channel: str, members: Sequence[Member]) -> bytes:
    presence = {
        "count": len(members),
        "ids": [member.user_id for member in members],
        "hash": {member.user_id: member.shown for member in members},
    }
    data = _encode({"presence": presence}).decode()
    return _encode(_Frame("pusher_internal:subscription_succeeded", channel, data))


def cache_miss(channel: str) -> bytes:
    return _encode(_Frame("pusher:cache_miss", channel, "{}"))


def signin_success(user_data: str) -> bytes:
    data = _encode({"user_data": user_data}).decode()
    return _encode(_Frame("pusher:signin_success", data=data))


def channel_event(event: str, channel: str, data: str, user_id: str | None) -> bytes:
    return _encode(_Frame(event, channel, data, user_id))


def error(code: int | None, message: str) -> bytes:
    return _encode({"event": "pusher:error", "data": {"code": code, "message": message}})


# ── members ──────────────────────────────────────────────────────────────────────────────────

MEMBER_ADDED = "pusher_internal:member_added"
MEMBER_REMOVED = "pusher_internal:member_removed"


class Member(msgspec.Struct, frozen=True):
    """A user as the others in a presence channel see them."""

    user_id: str
    #: a JSON object as the client sent it, or nothing
    user_info: bytes | None = None

    @property
    def shown(self) -> msgspec.Raw:
        return msgspec.Raw(self.user_info or b"null")


def member_added(member: Member) -> str:
    return _encode({"user_id": member.user_id, "user_info": member.shown}).decode()


def member_removed(user_id: str) -> str:
    return _encode({"user_id": user_id}).decode()


# ── who is online ────────────────────────────────────────────────────────────────────────────


def watchlist_events(*, online: Sequence[str] = (), offline: Sequence[str] = ()) -> bytes:
    statuses = (("online", online), ("offline", offline))
    events = [{"name": name, "user_ids": user_ids} for name, user_ids in statuses if user_ids]
    data = _encode({"events": events}).decode()
    return _encode(_Frame("pusher_internal:watchlist_events", data=data))


# ── counts ───────────────────────────────────────────────────────────────────────────────────

SUBSCRIPTION_COUNT = "pusher_internal:subscription_count"


def subscription_count(count: int) -> str:
    return _encode({"subscription_count": count}).decode()


# ── errors ───────────────────────────────────────────────────────────────────────────────────


class PusherError(Exception):
    """What a client is told when the server does not do what it asked."""

    code: int | None = None

    def __init__(self, message: str | None = None) -> None:
        self.message = (message or (self.__doc__ or "").strip())[:_LONGEST_MESSAGE]
        super().__init__(self.message)


class Refusal(PusherError):
    """The connection stays open. Most refusals have no code."""


class Unauthorized(Refusal):
    """Connection is unauthorized"""

    code = 4009


class ClientEventRateExceeded(Refusal):
    """Client event rejected due to rate limit"""

    code = 4301


class WatchlistTooLong(Refusal):
    """Watchlist limit exceeded"""

    code = 4302


class TooMuchData(Refusal):
    """The data of an event is larger than it may be."""

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"The data content of this event exceeds the allowed maximum ({limit} bytes). See "
            "https://pusher.com/docs/channels/server_api/http-api#publishing-events for more info"
        )


class Fatal(PusherError):
    """The connection is closed as well. The code says whether and when it may come back."""

    code: int


class OnlyTls(Fatal):
    """Only SSL connections accepted"""

    code = 4000


class NoSuchApp(Fatal):
    """App does not exist"""

    code = 4001


class AppDisabled(Fatal):
    """App disabled"""

    code = 4003


class OverQuota(Fatal):
    """Account over quota"""

    code = 4004


class PathNotFound(Fatal):
    """Path not found"""

    code = 4005


class InvalidVersion(Fatal):
    """Invalid version string format"""

    code = 4006


class UnsupportedVersion(Fatal):
    """Unsupported protocol version"""

    code = 4007


class NoVersion(Fatal):
    """No protocol version supplied"""

    code = 4008


class NotAuthorizedInTime(Fatal):
    """Connection not authorized within timeout"""

    code = 4009


class Terminated(Fatal):
    """Connection terminated by the application"""

    code = 4009


class OverCapacity(Fatal):
    """Over capacity"""

    code = 4100


class ReconnectNow(Fatal):
    """Reconnect immediately"""

    code = 4200


class PongNotReceived(Fatal):
    """Pong not received"""

    code = 4201


class Inactive(Fatal):
    """Closed after inactivity"""

    code = 4202
