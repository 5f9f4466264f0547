"""Which requests are a fallback's: their paths, as pusher-js and SockJS build them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import Any
from urllib.parse import unquote


class RequestKind(Enum):
    """What a request wants."""

    STREAM = "xhr_streaming"
    POLL = "xhr"
    SEND = "xhr_send"
    #: what SockJS asks before anything else
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Target:
    """What a path says."""

    call: RequestKind
    #: the path of a WebSocket to the same app; none where SockJS tells it in its first message
    app_path: str = ""
    #: the numbers and letters that the client drew for itself
    name: str = ""


_LAST = tuple(f"/{call.value}" for call in RequestKind)

# A proxy or the client's `httpPath` may put something in front, as with a WebSocket.
_PUSHER = re.compile(
    r"(?P<app>(?:/.*)?/app/[^/]+)/(?P<name>[0-9]{1,3}/[0-9a-v]{8})/(?P<call>xhr_streaming|xhr_send|xhr)"
)
# SockJS names no app in its paths; what it is mounted at is pusher-js's default `httpPath`.
_SOCKJS = re.compile(
    r"(?:/.*)?/pusher/(?:(?P<name>[^/.]{1,20}/[^/.]{4,40})/(?P<call>xhr_streaming|xhr_send|xhr)|info)"
)


def target_of(scope: Any) -> Target | None:
    """Return what an HTTP request wants of the fallbacks, or None if that is nothing."""
    if not scope["path"].endswith(_LAST):
        return None
    # As it was sent, like a WebSocket's: an app's key may hold an escaped slash.
    path = scope["raw_path"].decode("latin-1")
    if found := _PUSHER.fullmatch(path):
        return Target(RequestKind(found["call"]), found["app"], found["name"])
    if found := _SOCKJS.fullmatch(path):
        return Target(RequestKind(found["call"] or "info"), name=unquote(found["name"] or ""))
    return None
