"""Bounds: how large the head of a request may be, and how many may wait; uvicorn has no limit."""

from __future__ import annotations

from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

#: of the request line and all headers together: as much as common proxies let through
MAX_HEAD_BYTES = 32 * 1024
#: requests on one connection that may wait for the answer to the one before
MAX_WAITING_REQUESTS = 32

_REASON = b"The head of the request is larger than it may be"
_TOO_LARGE = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"content-type: text/plain; charset=utf-8\r\n"
    b"content-length: %d\r\nconnection: close\r\n\r\n%s" % (len(_REASON), _REASON)
)


class BoundedHttp(HttpToolsProtocol):
    """Closes a connection that sends an endless head, or far more requests than are answered."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self._is_in_head = False
        self._head_bytes = 0

    def data_received(self, data: bytes) -> None:
        if self._is_in_head:
            # The parser keeps all of a header that does not end, and does not report it.
            if self._head_bytes > MAX_HEAD_BYTES:
                self.send_400_response("")
                return
            self._head_bytes += len(data)
        super().data_received(data)

    def on_message_begin(self) -> None:
        self._is_in_head, self._head_bytes = True, 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._is_in_head = False
        self._head_bytes = len(self.url) + sum(len(n) + len(v) + 4 for n, v in self.headers)
        # uvicorn stops reading while requests wait, but one read may hold thousands of them, and
        # after each answer it reads as much again.
        if self._head_bytes > MAX_HEAD_BYTES or len(self.pipeline) >= MAX_WAITING_REQUESTS:
            raise _TooMuch
        super().on_headers_complete()

    def handle_websocket_upgrade(self) -> None:
        if self._is_answering or self.flow.write_paused:
            # From now on the transport calls only the WebSocket: the HTTP answer would never learn
            # that the connection is gone, nor the WebSocket that it is full already.
            self.transport.abort()
        else:
            super().handle_websocket_upgrade()

    def send_400_response(self, msg: str) -> None:
        latest = self._latest
        if self._is_answering and (self.pipeline or (latest and latest.response_started)):
            # An error written in the middle of an answer would become part of it.
            self.transport.abort()
        elif self._head_bytes > MAX_HEAD_BYTES:
            self.transport.write(_TOO_LARGE)
            self.transport.close()
        else:
            super().send_400_response(msg)

    @property
    def _latest(self) -> RequestResponseCycle | None:
        # Against its declared type it is None until the first head is complete.
        return self.cycle

    @property
    def _is_answering(self) -> bool:
        return self._latest is not None and not self._latest.response_complete


class _TooMuch(Exception):
    """Stops the parser, which then calls `send_400_response`."""
