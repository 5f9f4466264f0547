"""SockJS: how its clients differ from pusher-js's own fallbacks (`/info`, the first message)."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace

import msgspec

from kabar.engines.realtime.connection.handshake import Handshake
from kabar.engines.realtime.fallback.http_socket import HttpSocket, OnEnd
from kabar.engines.realtime.gateway.gateway import Gateway


class SockJsSocket(HttpSocket):
    """A socket whose client names its app in its first message, and not in the path."""

    __slots__ = ("_request",)

    def __init__(self, gateway: Gateway, on_end: OnEnd, request: Handshake) -> None:
        super().__init__(gateway, on_end, "sockjs")
        self._request: Handshake | None = gateway.kept(request)

    def hear(self, texts: Sequence[str]) -> None:
        if self._request is not None and texts:
            path, _, query = _read_path(texts[0]).partition("?")
            self.connect(replace(self._request, path=path, query=query))
            self._request = None
            texts = texts[1:]
        super().hear(texts)


def information() -> bytes:
    """Return the answer to `/info`: no WebSocket, because those use Pusher's own path."""
    return msgspec.json.encode(
        {
            "websocket": False,
            "origins": ["*:*"],
            "cookie_needed": False,
            "entropy": secrets.randbits(32),
        }
    )


class _Introduction(msgspec.Struct):
    path: str


def _read_path(text: str) -> str:
    """Return the path in the first message; for a wrong message one that names no app."""
    try:
        return msgspec.json.decode(text, type=_Introduction).path
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return ""
