"""The server: one port for HTTP and WebSocket, until SIGTERM."""

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
from kabar.core.settings import Settings
from kabar.infra.http.patience import patient_http
from kabar.server.app import Kabar
from kabar.server.descriptors import raise_limit

#: uvicorn waits this long for requests and sockets to end; all of it should take less than ten
_SHUTDOWN_SECONDS = 6
_BACKLOG = 4096


async def serve(settings: Settings, say: Callable[[str], None]) -> None:
    """Serve until the process is told to stop; `say` prints a line for the person who started it.

    Raises `CannotStart`.
    """
    raise_limit()
    listener = _listen(settings.host, settings.port)
    try:
        async with Kabar(settings) as kabar:
            config = uvicorn.Config(
                kabar.asgi,
                loop="uvloop",
                http=patient_http(settings.request_timeout, body_seconds=settings.body_timeout),
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
            _calm_the_collector()
            _open_for_visitors(listener)
            _greet(kabar, listener, say)
            await server.serve(sockets=[listener])
    finally:
        listener.close()


class _Server(uvicorn.Server):
    """Leaves the signals to us: uvicorn raises them again, which would end it all half closed."""

    def __init__(self, config: uvicorn.Config, kabar: Kabar) -> None:
        super().__init__(config)
        self._kabar = kabar

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        if self._kabar.realtime is not None:
            self._kabar.realtime.send_away()
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except (OSError, OverflowError) as failure:
        listener.close()
        if getattr(failure, "errno", None) == errno.EADDRINUSE:
            raise _in_use(host, port) from failure
        raise CannotStart(f"cannot listen on {host}:{port}: {failure}") from failure
    return listener


def _open_for_visitors(listener: socket.socket) -> None:
    """From now on they wait in line. Only one of two that were bound at once gets this far."""
    try:
        listener.listen(_BACKLOG)
    except OSError as failure:
        raise _in_use(*listener.getsockname()[:2]) from failure


def _in_use(host: str, port: int) -> CannotStart:
    return CannotStart(f"port {port} on {host} is in use. Choose another with --port")


def _calm_the_collector() -> None:
    """Leave alone what lives for ever, and look less often for what does not.

    A third less CPU for each new connection; switched off it would leak what is in cycles.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def _greet(kabar: Kabar, listener: socket.socket, say: Callable[[str], None]) -> None:
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
        say(f"Database {kabar.url.render_as_string(hide_password=True)}")
    if kabar.transport is None:
        say("Realtime is off: nothing is delivered live (KABAR_REALTIME)")
