"""Same origin: what another site makes a browser send with our cookie is refused."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from litestar import Request

from kabar.core.errors import BadRequest, Forbidden
from kabar.core.log import Seldom, get_log
from kabar.core.origins import origin_of

_SAFE = {"GET", "HEAD", "OPTIONS", "TRACE"}


class CrossSite(Forbidden):
    """This request comes from another site."""


class NulInAddress(BadRequest):
    """The address may not contain the character U+0000."""

    code = "bad_request"


class SameOrigin:
    """Looks at every request before its route does.

    A browser says where a request comes from (Sec-Fetch-Site, Origin), and a page cannot change
    that. Who says neither is no browser, and has no cookie but its own. Whoever brings an
    Authorization header proves more than a cookie does.
    """

    def __init__(
        self, *, public_url: str | None, allowed_origins: Iterable[str], exempt: Iterable[str] = ()
    ) -> None:
        #: `https://chat.example/below`: the origin is what stands before the path
        self._public = origin_of("/".join(public_url.split("/", 3)[:3])) if public_url else None
        self._allowed = frozenset(allowed_origins)
        self._exempt = tuple(exempt)
        self._refusals = Seldom(get_log("http").warning, "origin_refused")

    async def check(self, request: Request[Any, Any, Any]) -> None:
        """Raise if the request may not be answered."""
        scope = request.scope
        if "\0" in scope["path"] or b"%00" in scope["query_string"]:
            raise NulInAddress
        if scope["method"] not in _SAFE and not self.may_write(scope):
            told = _wanted(scope["headers"])
            if b"sec-fetch-site" not in told:
                # No browser says that it is another site: it may be a proxy that changed the Host,
                # and a KABAR_PUBLIC_URL that is missing.
                self._refusals.say(origin=told.get(b"origin"), host=told.get(b"host"))
            raise CrossSite

    def may_write(self, scope: Any) -> bool:
        """Say whether a request of this scope may change something."""
        if self._exempt and scope["path"].startswith(self._exempt):
            return True
        headers = _wanted(scope["headers"])
        return b"authorization" in headers or self._is_ours(headers)

    def may_connect(self, headers: Iterable[tuple[bytes, bytes]]) -> bool:
        """Say whether a WebSocket handshake with these headers may use the cookie."""
        return self._is_ours(_wanted(headers))

    def _is_ours(self, headers: dict[bytes, str]) -> bool:
        site = headers.get(b"sec-fetch-site")
        if site in {"same-origin", "none"}:
            return True
        origin = headers.get(b"origin")
        if origin is None:
            return site is None
        theirs = origin_of(origin)
        if theirs is None:
            return False
        if theirs in self._allowed:
            return True
        if site is not None:
            return False
        # A proxy may have taken the TLS off: whose host it is counts, not how it came here.
        ours = origin_of(f"{theirs.partition(':')[0]}://{headers.get(b'host', '')}")
        return theirs in {ours, self._public}


_WANTED = {b"authorization", b"host", b"origin", b"sec-fetch-site"}


def _wanted(headers: Iterable[tuple[bytes, bytes]]) -> dict[bytes, str]:
    return {name: value.decode("latin-1") for name, value in headers if name in _WANTED}
