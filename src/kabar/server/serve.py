"""Serving: one port for HTTP and WebSocket, from the start until SIGTERM."""

from __future__ import annotations

import asyncio
import errno
import gc
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn

from kabar.core.errors import CannotStart
from kabar.core.log import get_log
from kabar.core.settings import Settings
from kabar.infra.db.engine import shown_url
from kabar.infra.http.timeouts import http_with_timeouts
from kabar.server.app import Kabar
from kabar.server.descriptors import raise_limit

#: uvicorn waits this long for requests and sockets to end
_SHUTDOWN_SECONDS = 6
#: all of it: ten is what Docker and others wait before they kill
_END_SECONDS = 9
_BACKLOG = 4096

_log = get_log("server")


async def serve(settings: Settings, say: Callable[[str], None]) -> None:
    """Serve until the process is told to stop; `say` prints a line for the person who started it.

    Raises `CannotStart`.
    """
    raise_limit()
    listener = _listen(settings.host, settings.port)
    try:
        async with Kabar(settings) as kabar:
            config = uvicorn.Config(
                kabar.cookies.around(kabar.asgi),
                loop="uvloop",
                http=http_with_timeouts(
                    settings.request_timeout, body_seconds=settings.body_timeout
                ),
                ws=kabar.realtime.websocket_class() if kabar.realtime else "none",  # type: ignore[arg-type]
                lifespan="off",
                access_log=settings.access_log,
                log_config=None,
                log_level="warning" if not settings.access_log else "info",
                backlog=_BACKLOG,
                server_header=False,
                date_header=False,
                # The client's address is found where it is needed: see http/client.py.
                proxy_headers=False,
                timeout_graceful_shutdown=_SHUTDOWN_SECONDS,
            )
            server = _Server(config, kabar)
            for stop in (signal.SIGINT, signal.SIGTERM):
                asyncio.get_running_loop().add_signal_handler(stop, server.handle_exit, stop, None)
            _tune_garbage_collection()
            _start_listening(listener)
            _say_where_it_is(kabar, listener, say)
            try:
                await server.serve(sockets=[listener])
            except Exception:
                # It was serving: this is no start that failed.
                _log.exception("server_failed")
                raise SystemExit(1) from None
    finally:
        listener.close()


class _Server(uvicorn.Server):
    """Leaves signals to us: uvicorn raises them again, which would end the process half closed."""

    def __init__(self, config: uvicorn.Config, kabar: Kabar) -> None:
        super().__init__(config)
        self._kabar = kabar

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._kabar.end_within(_END_SECONDS)
        if self._kabar.realtime is not None:
            self._kabar.realtime.start_draining()
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _listen(host: str, port: int) -> socket.socket:
    try:
        # A name may be one of IPv6 alone. One that cannot be asked for is a UnicodeError.
        family, kind, _, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except (OSError, UnicodeError) as failure:
        reason = getattr(failure, "strerror", None) or "this is no host"
        raise CannotStart(f"KABAR_HOST: cannot listen on {host}: {reason}") from failure
    listener = socket.socket(family, kind)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(place)
    except OSError as failure:
        listener.close()
        if failure.errno == errno.EADDRINUSE:
            raise _in_use(host, port) from failure
        raise CannotStart(f"cannot listen on {host}, port {port}: {failure.strerror}") from failure
    return listener


def _start_listening(listener: socket.socket) -> None:
    """Let the kernel take connections. Of two servers that were bound at once, one fails here."""
    try:
        listener.listen(_BACKLOG)
    except OSError as failure:
        raise _in_use(*listener.getsockname()[:2]) from failure


def _in_use(host: str, port: int) -> CannotStart:
    return CannotStart(f"port {port} on {host} is in use. Choose another with --port")


def _tune_garbage_collection() -> None:
    """Exclude the objects of the start from it, and let it run less often.

    It saves a third of the CPU time of a new connection; switched off, cycles would leak.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def _say_where_it_is(kabar: Kabar, listener: socket.socket, say: Callable[[str], None]) -> None:
    host, port = listener.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    address = kabar.settings.public_url or f"http://{shown}:{port}"
    say(f"Kabar    {address}")
    say(f"App key  {kabar.apps.own.key}")
    if kabar.service is not None and kabar.transport is not None:
        say(f"Sockets  {kabar.service} (served there, not here)")
    if kabar.web.has_console:
        say(f"Console  {address}/console")
    say(f"Data     {kabar.folder.path}")
    if kabar.url.get_backend_name() != "sqlite":
        say(f"Database {shown_url(kabar.url)}")
    if kabar.transport is None:
        say("Realtime is off: nothing is delivered live (KABAR_REALTIME)")
