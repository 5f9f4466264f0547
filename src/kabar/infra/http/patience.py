"""How long a connection may take to say what it wants: uvicorn itself would wait for ever."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, cast

from kabar.infra.http.bounds import BoundedHttp

_REASON = b"The request did not arrive in time"
_TOO_LATE = (
    b"HTTP/1.1 408 Request Timeout\r\n"
    b"content-type: text/plain; charset=utf-8\r\n"
    b"content-length: %d\r\nconnection: close\r\n\r\n%s" % (len(_REASON), _REASON)
)


#: so many times as long as for sending: the kernel keeps megabytes, and lets nothing more in before
#: a good part of them has been read
_READING = 6


class PatientHttp(BoundedHttp):
    """Closes who does not send the head of a request in time, falls silent in its body, or reads
    nothing of the answer.

    Neither a connection that sends nothing nor one that sends a byte now and then is kept. What
    becomes a WebSocket is the socket's to watch.
    """

    def __init__(
        self, *, seconds: float, on_upgrade: Callable[[Any], None] | None = None, **given: Any
    ) -> None:
        """`on_upgrade` is told the scope of a request that becomes a WebSocket."""
        super().__init__(**given)
        self._seconds = seconds
        self._on_upgrade = on_upgrade
        self._timer: asyncio.TimerHandle | None = None
        self._has_begun = False
        self._reading: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(cast(asyncio.Transport, transport))
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        self._stop_watching()
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

    def pause_writing(self) -> None:
        super().pause_writing()
        self._watch_reading()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._stop_watching()
        self._watch_end()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._watch_end()

    def timeout_keep_alive_handler(self) -> None:
        super().timeout_keep_alive_handler()
        self._watch_end()

    def handle_websocket_upgrade(self) -> None:
        self._stop_watching()
        if self._on_upgrade is not None:
            path = self.url.partition(b"?")[0].decode("latin-1")
            self._on_upgrade({**self.scope, "path": path})
        super().handle_websocket_upgrade()
        # The parser and this refer to each other; unbound, they go without the collector, and a
        # socket costs less for the rest of its life.
        self.parser = None  # type: ignore[assignment]

    def on_headers_complete(self) -> None:
        self._stop_waiting()
        super().on_headers_complete()

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
            self._watch_end()

    def _watch_end(self) -> None:
        """A closed line stays as long as something is left that nobody reads."""
        if self.transport.is_closing() and self.transport.get_write_buffer_size():
            self._watch_reading()

    def _watch_reading(self) -> None:
        self._stop_watching()
        left = self.transport.get_write_buffer_size()
        self._reading = self.loop.call_later(_READING * self._seconds, self._look_again, left)

    def _look_again(self, left: int) -> None:
        if self.transport.get_write_buffer_size() < left:
            self._watch_reading()
        else:
            self.transport.abort()

    def _stop_watching(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None


def patient_http(seconds: float, *, on_upgrade: Callable[[Any], None] | None = None) -> Any:
    """Return what uvicorn's `Config(http=…)` takes."""

    def open_connection(**given: Any) -> PatientHttp:
        return PatientHttp(seconds=seconds, on_upgrade=on_upgrade, **given)

    return open_connection
