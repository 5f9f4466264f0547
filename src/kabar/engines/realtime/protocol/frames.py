"""Frames: every text that the server sends to a client, encoded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

_encode = msgspec.json.Encoder().encode


# ── frames ───────────────────────────────────────────────────────────────────────────────────
# `data` is a string that holds JSON, and is there even when it is empty: official clients read
# it unchecked. The one exception is `pusher:error`, whose data is an object.


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


def encoded_name(channel: str) -> bytes:
    """Return the name of a channel as it stands between the quotes of a frame."""
    return _encode(channel)[1:-1]


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
