"""What a connection may say before it is listened to: uvicorn itself keeps whatever comes."""

from __future__ import annotations

from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

#: of the request line and all headers together: as much as common proxies let through
MAX_HEAD_BYTES = 32 * 1024
#: requests on one connection that may wait for the answer to the one before
MAX_WAITING_REQUESTS = 32

#: What may stand in a head once. Of two, one would be checked here and the other read there. More
#: cookies and more X-Forwarded-For are one list, by their standards.
_ONCE = frozenset(
    (
        *(b"authorization", b"content-length", b"content-type", b"host", b"idempotency-key"),
        *(b"origin", b"sec-fetch-site", b"x-socket-id"),
    )
)


def refusal(status: bytes, reason: bytes, *, more: bytes = b"") -> bytes:
    """Return an answer in plain text, after which the line is closed; `more` are header lines."""
    return (
        b"HTTP/1.1 %s\r\ncontent-type: text/plain; charset=utf-8\r\n%s"
        b"content-length: %d\r\nconnection: close\r\n\r\n%s" % (status, more, len(reason), reason)
    )


_TOO_LARGE = refusal(
    b"431 Request Header Fields Too Large", b"The head of the request is larger than it may be"
)
_REPEATED = refusal(b"400 Bad Request", b"A header that may be sent once was sent twice")


class BoundedHttp(HttpToolsProtocol):
    """Hangs up on who sends an endless head, says twice what may be said once, or asks much faster
    than it is answered."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self._is_in_head = False
        self._head_bytes = 0
        self._is_repeated = False

    def data_received(self, data: bytes) -> None:
        # Of a header that does not end, the parser keeps everything and tells nothing; also of one
        # that stands behind the body.
        if self._head_bytes > MAX_HEAD_BYTES:
            self.send_400_response("")
            return
        self._head_bytes += len(data)
        super().data_received(data)

    def on_message_begin(self) -> None:
        self._is_in_head, self._head_bytes = True, 0
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        # uvicorn would add what stands behind a body to the headers that were looked at before it.
        if self._is_in_head:
            super().on_header(name, value)

    def on_body(self, body: bytes) -> None:
        self._head_bytes = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._head_bytes = 0
        super().on_message_complete()

    def on_headers_complete(self) -> None:
        self._is_in_head = False
        self._head_bytes = len(self.url) + sum(len(n) + len(v) + 4 for n, v in self.headers)
        # uvicorn stops reading while requests wait, but one read may hold thousands of them, and
        # after each answer it reads as much again.
        if self._head_bytes > MAX_HEAD_BYTES or len(self.pipeline) >= MAX_WAITING_REQUESTS:
            raise _NotTaken
        once = [name for name, _ in self.headers if name in _ONCE]
        if len(once) != len(set(once)):
            self._is_repeated = True
            raise _NotTaken
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
        elif self._is_repeated:
            self.transport.write(_REPEATED)
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


class _NotTaken(Exception):
    """Stops the parser, which then calls `send_400_response`."""
