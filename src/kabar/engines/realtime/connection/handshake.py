"""Handshakes: which app a client asks for, in which version, and whether it is let in."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Collection, Iterable
from dataclasses import dataclass, replace
from urllib.parse import parse_qs, unquote

from kabar.engines.realtime.apps.app import App
from kabar.engines.realtime.apps.apps import Apps
from kabar.engines.realtime.protocol import errors

_SUPPORTED_VERSIONS = frozenset({5, 6, 7})

# A proxy or the client's `wsPath` may put something in front.
_PATH = re.compile(r"(?:/.*)?/app/([^/]+)/?")
# A WebSocket's path is bounded by its head; SockJS sends its own in a message, which is not.
_LONGEST_TARGET = 4096
_MOST_PARAMETERS = 250
_SUBPROTOCOL = re.compile(r"pusher-channels-protocol-[0-9]+")


# Headers that may tell who sent a handshake. A browser's other headers are not kept: they would
# double what an idle connection costs.
KEPT_HEADERS = frozenset({"authorization", "cookie", "host", "origin"})


@dataclass(frozen=True, slots=True)
class Handshake:
    """The request that opens a WebSocket, or the first request of a fallback."""

    path: str
    query: str
    #: those in `KEPT_HEADERS`; names in lower case
    headers: tuple[tuple[bytes, bytes], ...]
    #: the client's, as far as trusted proxies tell
    address: str
    #: whether the client's connection is encrypted, as far as they tell
    is_secure: bool = False

    def header(self, name: bytes) -> str | None:
        for each, value in self.headers:
            if each == name:
                return value.decode("latin-1")
        return None

    def without_cookies(self) -> Handshake:
        return replace(self, headers=tuple(h for h in self.headers if h[0] != b"cookie"))

    def with_no_more_than(self, headers: Iterable[tuple[bytes, bytes]]) -> Handshake:
        """Return what is worth keeping of it once an app has let it in."""
        return replace(self, path="", query="", headers=tuple(headers))


#: Returns those headers of a handshake that can say whose it is.
ProofIn = Callable[[Handshake], Iterable[tuple[bytes, bytes]]]

#: Returns the user whose session or token a handshake carries.
Identify = Callable[[Handshake], Awaitable[str | None]]

#: Says whether the user may subscribe to the channel.
Guard = Callable[[str, str], Awaitable[bool]]


def admit(handshake: Handshake, apps: Apps) -> App:
    """Return the app that a handshake asks for, or raise the Fatal that says why not."""
    if len(handshake.path) + len(handshake.query) > _LONGEST_TARGET:
        raise errors.PathNotFound(f"The path is longer than {_LONGEST_TARGET} characters")
    path = _PATH.fullmatch(handshake.path)
    if path is None:
        raise errors.PathNotFound
    _require_version(handshake.query)
    key = unquote(path[1])
    app = apps.find_by_key(key)
    if app is None:
        raise errors.NoSuchApp(
            f"App key {key[:60]} not in this cluster. Did you forget to specify the cluster?"
        )
    if not app.enabled:
        raise errors.AppDisabled
    if app.force_tls and not handshake.is_secure:
        raise errors.OnlyTls
    return app


def find_app(handshake: Handshake, apps: Apps) -> App | None:
    """Return the app whose key a handshake names, whether or not `admit` would let it in."""
    path = _PATH.fullmatch(handshake.path[:_LONGEST_TARGET])
    return apps.find_by_key(unquote(path[1])) if path is not None else None


def _require_version(query: str) -> None:
    try:
        parameters = parse_qs(query, max_num_fields=_MOST_PARAMETERS)
    except ValueError:
        raise errors.PathNotFound(f"There are more than {_MOST_PARAMETERS} parameters") from None
    version = parameters.get("protocol", [""])[-1]
    if not version:
        raise errors.NoVersion
    if not (version.isascii() and version.isdigit()):
        raise errors.InvalidVersion
    if int(version[:9]) not in _SUPPORTED_VERSIONS:
        raise errors.UnsupportedVersion


def choose_subprotocol(offered: Collection[str]) -> str | None:
    """Return the sub-protocol to confirm: pusher-websocket-swift offers one, others none."""
    return next((name for name in offered if _SUBPROTOCOL.fullmatch(name)), None)
