"""Paths: which HTTP requests are those of a fallback, as pusher-js and SockJS build them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import Any
from urllib.parse import unquote


class RequestKind(Enum):
    """What a fallback's request is for."""

    STREAM = "xhr_streaming"
    POLL = "xhr"
    SEND = "xhr_send"
    #: which SockJS sends first
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Target:
    """What the path of a fallback's request says."""

    kind: RequestKind
    #: the path of a WebSocket to the same app; empty where SockJS sends it in its first message
    app_path: str = ""
    #: the random digits and letters by which the client names its socket
    name: str = ""


_LAST = tuple(f"/{kind.value}" for kind in RequestKind)

# A proxy or the client's `httpPath` may put something in front, as with a WebSocket.
_PUSHER = re.compile(
    r"(?P<app>(?:/.*)?/app/[^/]+)/(?P<name>[0-9]{1,3}/[0-9a-v]{8})/(?P<kind>xhr_streaming|xhr_send|xhr)"
)
# SockJS names no app in its paths; what it is mounted at is pusher-js's default `httpPath`.
_SOCKJS = re.compile(
    r"(?:/.*)?/pusher/(?:(?P<name>[^/.]{1,20}/[^/.]{4,40})/(?P<kind>xhr_streaming|xhr_send|xhr)|info)"
)


def target_of(scope: Any) -> Target | None:
    """Return the target of a fallback's request, or None for any other HTTP request."""
    if not scope["path"].endswith(_LAST):
        return None
    # As it was sent, like a WebSocket's: an app's key may hold an escaped slash.
    path = scope["raw_path"].decode("latin-1")
    if found := _PUSHER.fullmatch(path):
        return Target(RequestKind(found["kind"]), found["app"], found["name"])
    if found := _SOCKJS.fullmatch(path):
        return Target(RequestKind(found["kind"] or "info"), name=unquote(found["name"] or ""))
    return None
