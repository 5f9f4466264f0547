"""Transport: what the rest of the program may ask of whoever takes its events to sockets."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any

from litestar.handlers import HTTPRouteHandler

from kabar.events import Publication
from kabar.http.health import Check
from kabar.realtime.signer import Signer


class Transport(Signer):
    """The server in this process (`engine.Realtime`), or one elsewhere (`hosted.Hosted`).

    It is an `events.Publisher`, and signs for Kabar's own app. Everything is called from the
    loop's thread; what is no coroutine neither waits nor raises.
    """

    #: what it answers under `/app` and `/apps`
    http_routes: Sequence[HTTPRouteHandler]
    #: what a page has to know, beside the key, to connect to another server than its own
    page: Mapping[str, object] = {}
    #: what `/up` asks
    checks: Mapping[str, Check] = {}

    @abstractmethod
    async def start(self) -> None: ...

    @abstractmethod
    async def close(self) -> None: ...

    @abstractmethod
    def works(self) -> list[tuple[str, Callable[[], Coroutine[Any, Any, None]]]]:
        """Return what has to run beside the server: a name and a coroutine function each."""

    @abstractmethod
    def publish(self, publications: Sequence[Publication]) -> None:
        """Send events on their way, in order per channel."""

    @abstractmethod
    def revoke(self, channel: str, user_id: str) -> None:
        """Let a user's sockets hear this channel no more."""

    @abstractmethod
    def identify_socket(self, socket_id: str, user_id: str) -> None:
        """Note who holds a socket, so that it can be cut."""

    @abstractmethod
    def reauthorize(self, user_id: str) -> None:
        """Let a user's sockets come back and show anew whose they are."""
