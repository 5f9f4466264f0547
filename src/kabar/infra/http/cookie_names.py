"""Whose cookies are these? On the wire each has a mark of this Kabar behind its name."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Iterator
from typing import Any

from litestar.types import ASGIApp, Message, Receive, Scope, Send

from kabar.infra.http.client import TrustedProxies

#: all of Kabar's cookies begin so
_OURS = b"kabar_"
#: Of such a name browsers take a cookie only over TLS, from this very host (RFC 6265bis, 4.1.3).
_HOST = b"__Host-"
#: nothing that we set is longer
_LONGEST_VALUE = 1024

Headers = Iterable[tuple[bytes, bytes]]


class CookieNames:
    """Cookies know hosts, and no ports: two Kabars on one host would sign each other's people out.
    And any sibling of the host can set one for both.

    The rest of the program calls a cookie `kabar_session`; browsers know it as
    `__Host-kabar_session_1a2b3c4d` over TLS, where no sibling can set it and no other name counts,
    and as `kabar_session_1a2b3c4d` without. There, one without a mark is from before there were
    any, and is as good, as long as there is none with it.
    """

    def __init__(
        self, secret: bytes, *, proxies: TrustedProxies, is_always_secure: bool = False
    ) -> None:
        mark = hmac.new(secret, b"names of cookies", hashlib.sha256).hexdigest()[:8]
        self._mark = f"_{mark}".encode()
        self._proxies = proxies
        self._is_always_secure = is_always_secure

    def on_the_wire(self, name: str) -> str:
        prefix = _HOST if self._is_always_secure else b""
        return f"{prefix.decode()}{name}{self._mark.decode()}"

    def read(self, headers: Headers, *, is_https: bool) -> list[tuple[bytes, bytes]]:
        """Return the headers of a request with our cookies as the program calls them."""
        given = list(headers)
        others = [(name, value) for name, value in given if name != b"cookie"]
        cookies = b"; ".join(value for name, value in given if name == b"cookie")
        read = self._without_marks(cookies, is_secure=is_https or self._is_always_secure)
        return [*others, (b"cookie", read)] if read else others

    def only(self, wanted: str, headers: Headers) -> Iterator[tuple[bytes, bytes]]:
        """Yield the headers with no cookie but this one, as it is called on the wire."""
        for name, value in headers:
            if name != b"cookie":
                yield name, value
                continue
            for cookie, content in _pairs(value):
                ours = cookie.removeprefix(_HOST).removesuffix(self._mark)
                if ours == wanted.encode() and len(content) <= _LONGEST_VALUE:
                    yield name, cookie + b"=" + content

    def around(self, app: ASGIApp) -> ASGIApp:
        """Return the application with marks on its cookies."""

        async def with_marks(scope: Scope, receive: Receive, send: Send) -> None:
            async def send_marked(message: Message) -> None:
                if message["type"] == "http.response.start":
                    message["headers"] = [self._marked(*each) for each in message["headers"]]
                await send(message)

            inside: Any = scope
            if any(name == b"cookie" and _OURS in value for name, value in scope["headers"]):
                is_https = self._is_always_secure or self._proxies.client_of(scope).is_https
                inside = {**scope, "headers": self.read(scope["headers"], is_https=is_https)}
            await app(inside, receive, send_marked)

        return with_marks

    def _without_marks(self, cookies: bytes, *, is_secure: bool) -> bytes:
        #: Two that differ are both passed on: who reads them believes neither.
        of_host: dict[tuple[bytes, bytes], None] = {}
        marked: dict[tuple[bytes, bytes], None] = {}
        others: list[tuple[bytes, bytes]] = []
        for name, value in _pairs(cookies):
            ours = name.removeprefix(_HOST)
            if not ours.startswith(_OURS):
                others.append((name, value))
            elif name.startswith(_HOST):
                if ours.endswith(self._mark):
                    of_host[ours.removesuffix(self._mark), value] = None
            elif is_secure:
                continue
            elif ours.endswith(self._mark):
                marked[ours.removesuffix(self._mark), value] = None
            else:
                others.append((name, value))
        kept = [*of_host]
        for less in (marked, others):
            named = {name for name, _ in kept}
            kept += [each for each in less if each[0] not in named]
        return b"; ".join(name + b"=" + value for name, value in kept)

    def _marked(self, name: bytes, value: bytes) -> tuple[bytes, bytes]:
        if name == b"set-cookie" and value.startswith(_OURS):
            cookie, equals, rest = value.partition(b"=")
            prefix = _HOST if _is_for_the_host(rest) else b""
            value = prefix + cookie + self._mark + equals + rest
        return name, value


def _pairs(cookies: bytes) -> Iterator[tuple[bytes, bytes]]:
    for pair in cookies.split(b";"):
        name, _, value = pair.strip().partition(b"=")
        if name:
            yield name, value


def _is_for_the_host(attributes: bytes) -> bool:
    """Whether a cookie is set in the one way in which browsers take the prefix."""
    found = {each.strip().lower() for each in attributes.split(b";")[1:]}
    return {b"secure", b"path=/"} <= found and not any(a.startswith(b"domain") for a in found)
