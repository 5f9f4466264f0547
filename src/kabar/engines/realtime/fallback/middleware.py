"""ASGI middleware that answers the requests of fallbacks: receive, send, and CORS."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from typing import Any

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

from kabar.engines.realtime.connection.handshake import KEPT_HEADERS, Handshake
from kabar.engines.realtime.fallback import framing, sockjs
from kabar.engines.realtime.fallback.asgi_reader import AsgiReader
from kabar.engines.realtime.fallback.http_socket import HttpSocket
from kabar.engines.realtime.fallback.paths import RequestKind, Target, target_of
from kabar.engines.realtime.fallback.sockets import HttpSockets, SocketKey, socket_key
from kabar.engines.realtime.gateway.gateway import Gateway
from kabar.engines.realtime.protocol import errors, frames

_Headers = list[tuple[bytes, bytes]]

#: seconds that a client has to send the body of a request
_BODY_SECONDS = 30.0

_TEXT = b"text/plain; charset=utf-8"
#: the type that SockJS servers give their streams; with nosniff, browsers pass it on at once
_LINES = b"application/javascript; charset=utf-8"

#: on every answer: no proxy may store it, compress it, or hold it back until it is complete
_ALWAYS: _Headers = [
    (b"cache-control", b"no-store, no-transform"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]


class Refused(Exception):
    """The request gets this status, and this line of plain text."""

    def __init__(self, status: int, text: str) -> None:
        self.status = status
        self.text = text
        super().__init__(text)


class Fallbacks:
    """Answers the requests of fallbacks, and passes all others on to the application."""

    def __init__(self, gateway: Gateway, *, allowed_origins: Collection[str]) -> None:
        self.sockets = HttpSockets(gateway)
        self._gateway = gateway
        self._allowed_origins = frozenset(allowed_origins)

    def start_draining(self) -> None:
        """Tell all clients to reconnect; refuse those that come from now on."""
        self._gateway.seconds_to_drain()
        self.sockets.start_draining()

    def in_front_of(self, app: ASGIApp) -> ASGIApp:
        """Return an application that answers fallbacks itself, and asks this one for the rest."""

        async def answer_or_pass(scope: Scope, receive: Receive, send: Send) -> None:
            target = target_of(scope) if scope["type"] == ScopeType.HTTP else None
            if target is None:
                await app(scope, receive, send)
            else:
                await self._answer(target, scope, receive, send)

        return answer_or_pass

    async def _answer(self, target: Target, scope: Any, receive: Receive, send: Send) -> None:
        headers = [*_ALWAYS, *self._cors(target, scope["headers"])]
        try:
            if scope["method"] == "OPTIONS":
                await _respond(send, 204, headers)
                return
            _require_method(target, scope)
            if target.kind is RequestKind.INFO:
                await _respond(send, 200, headers, sockjs.information(), b"application/json")
            elif target.kind is RequestKind.SEND:
                await self._hear(target, scope, receive)
                await _respond(send, 204, headers)
            else:
                await self._read(target, scope, receive, send, headers)
        except Refused as refused:
            if refused.status == 405:
                headers.append((b"allow", b"OPTIONS, " + _methods_of(target)))
            await _respond(send, refused.status, headers, f"{refused.text}\n".encode())

    async def _hear(self, target: Target, scope: Any, receive: Receive) -> None:
        socket = self._require_socket(target, scope)
        limits = self._gateway.limits
        body = await _read_body(scope, receive, limits.max_frame_bytes)
        if not body:
            raise Refused(400, "Payload expected")
        try:
            texts = framing.read_messages(body)
        except framing.MalformedMessages as malformed:
            raise Refused(400, "Broken JSON encoding") from malformed
        if len(texts) > limits.max_messages_per_send:
            raise Refused(413, "Too many messages in one request")
        if not socket.is_connected:
            raise Refused(404, "No such session")
        socket.hear(texts)

    def _require_socket(self, target: Target, scope: Any) -> HttpSocket:
        socket = self.sockets.find(_key_of(target, scope))
        if socket is None or not socket.is_connected:
            raise Refused(404, "No such session")
        return socket

    async def _read(
        self, target: Target, scope: Any, receive: Receive, send: Send, headers: _Headers
    ) -> None:
        key = _key_of(target, scope)
        is_stream = target.kind is RequestKind.STREAM
        kind = "xhr_streaming" if is_stream else "xhr_polling"
        try:
            socket = self.sockets.find(key) or self.sockets.open(
                key, self._handshake(target, scope), kind
            )
        except errors.Fatal as fatal:
            error = framing.messages([frames.error(fatal.code, fatal.message)])
            last = framing.closing(fatal.code, fatal.message)
            await _respond(send, 200, headers, framing.OPEN + error + last, _LINES)
            return
        reader = AsgiReader(socket, is_stream=is_stream)
        if socket.attach(reader):
            await reader.answer([*headers, (b"content-type", _LINES)], receive, send)
        else:
            await _respond(send, 200, headers, framing.closing(*framing.SECOND_READER), _LINES)

    def _handshake(self, target: Target, scope: Any) -> Handshake:
        client = self._gateway.proxies.client_of(scope)
        return Handshake(
            path=target.app_path,
            query=scope["query_string"].decode("latin-1"),
            headers=tuple(h for h in scope["headers"] if h[0].decode("latin-1") in KEPT_HEADERS),
            address=client.address,
            is_secure=client.is_https,
        )

    def _cors(self, target: Target, headers: _Headers) -> _Headers:
        """Let pages of any origin read the answer, as any page may open a WebSocket.

        Only the allowed origins may send credentials (the cookie).
        """
        origin = _header(headers, b"origin")
        is_ours = origin in self._allowed_origins
        asked = _header(headers, b"access-control-request-headers") if is_ours else None
        shown = origin if is_ours and origin else "*"
        found = [
            (b"access-control-allow-origin", shown.encode("latin-1")),
            (b"access-control-allow-methods", b"OPTIONS, " + _methods_of(target)),
            (b"access-control-allow-headers", (asked or "content-type").encode("latin-1")),
            (b"access-control-max-age", b"7200"),
        ]
        if is_ours:
            found.append((b"access-control-allow-credentials", b"true"))
        if self._allowed_origins:
            found.append((b"vary", b"origin"))
        return found


def _require_method(target: Target, scope: Any) -> None:
    if scope["method"] != _method_of(target):
        raise Refused(405, "Method not allowed")


def _method_of(target: Target) -> str:
    return "GET" if target.kind is RequestKind.INFO else "POST"


def _methods_of(target: Target) -> bytes:
    # HEAD becomes a GET before it comes here.
    return b"GET, HEAD" if target.kind is RequestKind.INFO else b"POST"


def _key_of(target: Target, scope: Any) -> SocketKey:
    return socket_key(target.name, target.app_path, scope["headers"])


def _header(headers: _Headers, wanted: bytes) -> str | None:
    return next((value.decode("latin-1") for name, value in headers if name == wanted), None)


async def _read_body(scope: Any, receive: Receive, limit: int) -> bytes:
    """Return a body that is not too large and comes in time."""
    length = _header(scope["headers"], b"content-length") or "0"
    if int(length) > limit:
        raise Refused(413, "The body of the request is larger than it may be")
    body = bytearray()
    try:
        async with asyncio.timeout(_BODY_SECONDS):
            while True:
                message: Any = await receive()
                if message["type"] == "http.disconnect":
                    raise Refused(400, "The body of the request is not complete")
                body += message["body"]
                if len(body) > limit:
                    raise Refused(413, "The body of the request is larger than it may be")
                if not message["more_body"]:
                    return bytes(body)
    except TimeoutError:
        raise Refused(408, "The body of the request came too slowly") from None


async def _respond(
    send: Send, status: int, headers: _Headers, body: bytes = b"", media_type: bytes = _TEXT
) -> None:
    if status != 204:
        headers = [
            *headers,
            (b"content-type", media_type),
            (b"content-length", str(len(body)).encode()),
        ]
    start: Any = {"type": "http.response.start", "status": status, "headers": headers}
    await send(start)
    await send({"type": "http.response.body", "body": body, "more_body": False})
