"""Time-outs: how long a client may take to send a request and read the answer; uvicorn has none."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, cast

from kabar.infra.http.bounds import BoundedHttp, refusal

_TOO_LATE = refusal(b"408 Request Timeout", b"The request did not arrive in time")
_GOING_DOWN = refusal(
    b"503 Service Unavailable", b"The server is going down", more=b"retry-after: 1\r\n"
)

#: for reading, the time for sending is multiplied by this: the kernel keeps megabytes, and takes
#: more only when a good part of them has been read
_READING = 6
#: each so many bytes of a body give it a second more: as slow as a bad line on the road
_BYTES_A_SECOND = 4096
#: seconds for a body that is under way when the server goes down
_AT_THE_END = 1.0


class TimedHttp(BoundedHttp):
    """Closes who does not send the head of a request in time, falls silent in its body or drips it,
    or reads nothing of the answer.

    Neither one that sends nothing is kept, nor one that sends a byte now and then. Once it is a
    WebSocket, the WebSocket watches it.
    """

    def __init__(
        self,
        *,
        seconds: float,
        body_seconds: float,
        on_upgrade: Callable[[Any], None] | None = None,
        **given: Any,
    ) -> None:
        """`on_upgrade` is told the scope of a request that becomes a WebSocket."""
        super().__init__(**given)
        self._seconds = seconds
        self._body_seconds = body_seconds
        self._on_upgrade = on_upgrade
        #: when all of a body must be there, as far as it has come
        self._body_until = 0.0
        self._is_going_down = False
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
            # A body may take its time, as long as it goes on, and as it is large.
            self._stop_waiting()
            self._wait_for_body()
        elif self._is_between_requests():
            # A head may not: its time runs on from its first byte.
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
        # The parser and this refer to each other: unbound, they are freed without the garbage
        # collector, and the socket needs less memory from now on.
        self.parser = None  # type: ignore[assignment]

    def on_headers_complete(self) -> None:
        self._stop_waiting()
        self._body_until = self.loop.time() + self._body_seconds
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._body_until += len(body) / _BYTES_A_SECOND
        super().on_body(body)

    def shutdown(self) -> None:
        self._is_going_down = True
        super().shutdown()
        if self._has_body_to_come():
            # Whoever has said half of it need not be heard out; what is said is still done.
            self._stop_waiting()
            self._timer = self.loop.call_later(_AT_THE_END, self._give_up)

    def _has_body_to_come(self) -> bool:
        latest = self._latest
        return latest is not None and latest.more_body and not latest.response_complete

    def _is_between_requests(self) -> bool:
        latest = self._latest
        return latest is None or latest.response_complete

    def _wait(self) -> None:
        self._timer = self.loop.call_later(self._seconds, self._give_up)

    def _wait_for_body(self) -> None:
        left = self._body_until - self.loop.time()
        if self._is_going_down:
            left = min(left, _AT_THE_END)
        self._timer = self.loop.call_later(max(0.0, min(self._seconds, left)), self._give_up)

    def _stop_waiting(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _give_up(self) -> None:
        self._timer = None
        if self._has_body_to_come() and self.flow.read_paused and not self._is_going_down:
            # It is we who do not read on.
            self._body_until += self._seconds
            self._wait()
        elif not self.transport.is_closing():
            latest = self._latest
            if self._has_begun and (latest is None or not latest.response_started):
                self.transport.write(_GOING_DOWN if self._is_going_down else _TOO_LATE)
            self.transport.close()
            self._watch_end()

    def _watch_end(self) -> None:
        """A closed connection stays open as long as the client does not read the rest: watch it."""
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


def http_with_timeouts(
    seconds: float,
    *,
    body_seconds: float = 30.0,
    on_upgrade: Callable[[Any], None] | None = None,
) -> Any:
    """Return what uvicorn's `Config(http=…)` takes.

    A body has `body_seconds`, and one more for each 4 KiB that have come.
    """

    def open_connection(**given: Any) -> TimedHttp:
        return TimedHttp(seconds=seconds, body_seconds=body_seconds, on_upgrade=on_upgrade, **given)

    return open_connection
