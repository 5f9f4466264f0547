"""Whose cookies are these? On the wire each has a mark of this Kabar behind its name."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from typing import Any

from litestar.types import ASGIApp, Message, Receive, Scope, Send

#: all of Kabar's cookies begin so
_OURS = b"kabar_"

Headers = Iterable[tuple[bytes, bytes]]


class CookieNames:
    """Cookies know hosts, and no ports: two Kabars on one host would sign each other's people out.

    The rest of the program calls a cookie `kabar_session`; browsers know it as
    `kabar_session_1a2b3c4d`. One without a mark is from before there were any, and is as good, as
    long as there is none with it.
    """

    def __init__(self, secret: bytes) -> None:
        mark = hmac.new(secret, b"names of cookies", hashlib.sha256).hexdigest()[:8]
        self._mark = f"_{mark}".encode()

    def on_the_wire(self, name: str) -> str:
        return name + self._mark.decode()

    def read(self, headers: Headers) -> list[tuple[bytes, bytes]]:
        """Return the headers of a request with our cookies as the program calls them."""
        given = list(headers)
        others = [(name, value) for name, value in given if name != b"cookie"]
        cookies = b"; ".join(value for name, value in given if name == b"cookie")
        return [*others, (b"cookie", self._without_marks(cookies))] if cookies else others

    def around(self, app: ASGIApp) -> ASGIApp:
        """Return the application with marks on its cookies."""

        async def with_marks(scope: Scope, receive: Receive, send: Send) -> None:
            async def send_marked(message: Message) -> None:
                if message["type"] == "http.response.start":
                    message["headers"] = [self._marked(*each) for each in message["headers"]]
                await send(message)

            inside: Any = scope
            if any(name == b"cookie" and _OURS in value for name, value in scope["headers"]):
                inside = {**scope, "headers": self.read(scope["headers"])}
            await app(inside, receive, send_marked)

        return with_marks

    def _without_marks(self, cookies: bytes) -> bytes:
        #: Two that differ are both passed on: who reads them believes neither.
        ours: dict[tuple[bytes, bytes], None] = {}
        others: list[tuple[bytes, bytes]] = []
        for pair in cookies.split(b";"):
            name, _, value = pair.strip().partition(b"=")
            if name.startswith(_OURS) and name.endswith(self._mark):
                ours[name.removesuffix(self._mark), value] = None
            else:
                others.append((name, value))
        marked = {name for name, _ in ours}
        kept = [*ours, *(each for each in others if each[0] not in marked)]
        return b"; ".join(name + b"=" + value for name, value in kept)

    def _marked(self, name: bytes, value: bytes) -> tuple[bytes, bytes]:
        if name == b"set-cookie" and value.startswith(_OURS):
            cookie, equals, rest = value.partition(b"=")
            value = cookie + self._mark + equals + rest
        return name, value
