"""How long a connection may take to say what it wants: uvicorn itself would wait for ever."""

from __future__ import annotations

import asyncio
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

_REASON = b"The request did not arrive in time"
_TOO_LATE = (
    b"HTTP/1.1 408 Request Timeout\r\n"
    b"content-type: text/plain; charset=utf-8\r\n"
    b"content-length: %d\r\nconnection: close\r\n\r\n%s" % (len(_REASON), _REASON)
)


class PatientHttp(HttpToolsProtocol):
    """Closes who does not send the head of a request in time, or falls silent in its body.

    Neither a connection that sends nothing nor one that sends a byte now and then is kept. What
    becomes a WebSocket is the socket's to watch.
    """

    def __init__(self, *, seconds: float, **given: Any) -> None:
        super().__init__(**given)
        self._seconds = seconds
        self._timer: asyncio.TimerHandle | None = None
        self._has_begun = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(cast(asyncio.Transport, transport))
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._has_begun = True
        super().data_received(data)
        if self.transport.get_protocol() is not self or self.transport.is_closing():
            self._stop_waiting()
        elif self._has_body_to_come():
            # A body may take its time, as long as it goes on.
            self._stop_waiting()
            self._wait()
        elif self._is_between_requests():
            # A head may not: its time runs from its first byte.
            if self._timer is None and self.timeout_keep_alive_task is None:
                self._wait()
        else:
            self._stop_waiting()

    def handle_websocket_upgrade(self) -> None:
        super().handle_websocket_upgrade()
        # The parser and this refer to each other; unbound, they go without the collector, and a
        # socket costs less for the rest of its life.
        self.parser = None  # type: ignore[assignment]

    def on_headers_complete(self) -> None:
        self._stop_waiting()
        super().on_headers_complete()

    @property
    def _latest(self) -> RequestResponseCycle | None:
        # Unlike its type says, uvicorn has none until the first head is there.
        return self.cycle

    def _has_body_to_come(self) -> bool:
        latest = self._latest
        return latest is not None and latest.more_body and not latest.response_complete

    def _is_between_requests(self) -> bool:
        latest = self._latest
        return latest is None or latest.response_complete

    def _wait(self) -> None:
        self._timer = self.loop.call_later(self._seconds, self._give_up)

    def _stop_waiting(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _give_up(self) -> None:
        self._timer = None
        if self._has_body_to_come() and self.flow.read_paused:
            # It is we who do not read on.
            self._wait()
        elif not self.transport.is_closing():
            latest = self._latest
            if self._has_begun and (latest is None or not latest.response_started):
                self.transport.write(_TOO_LATE)
            self.transport.close()


def patient_http(seconds: float) -> Any:
    """Return what uvicorn's `Config(http=…)` takes."""

    def open_connection(**given: Any) -> PatientHttp:
        return PatientHttp(seconds=seconds, **given)

    return open_connection
