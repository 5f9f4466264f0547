"""Outbound: gets what is at an address that somebody wrote, if it may, and as much as it may."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from kabar.infra.outbound.bounded_answers import BoundedConnector
from kabar.infra.outbound.guard import Guard, Refused
from kabar.infra.outbound.inflating import ACCEPTED, inflated
from kabar.infra.outbound.lookups import Lookups

_MOST_REDIRECTS = 4
_MOST_OF_A_HOST = 2
_HEAD_BYTES = 64 * 1024
_PIECE_BYTES = 16 * 1024


class NothingFetched(Exception):
    """Nothing came of it; says why."""


class HostIsBusy(Exception):
    """This host is being called as often as it may be: later."""


class Fetched(NamedTuple):
    """What was there."""

    url: str
    media_type: str
    charset: str | None
    body: bytes
    #: whether there was more of it
    is_cut: bool


class Outbound:
    """Calls servers of strangers. None of them is believed, waited for or read without end."""

    def __init__(
        self, guard: Guard, *, seconds: float, resolver: AbstractResolver | None = None
    ) -> None:
        """`seconds`: for all of a call, whatever is done in them."""
        self._guard = guard
        self._seconds = seconds
        self._resolver = resolver or Lookups()
        self._called: Counter[str] = Counter()

    async def get(self, url: str, *, accept: str, most: int) -> Fetched:
        """Return what is there, the first `most` bytes of it. `accept`: types, with commas between
        them, of which what comes has to be one.

        Raises `Refused`, `NothingFetched`, `HostIsBusy`.
        """
        try:
            async with asyncio.timeout(self._seconds):
                return await self._get(URL(url), accept=accept, most=most)
        except TimeoutError:
            raise NothingFetched("it took too long") from None
        except (aiohttp.ClientError, OSError, ValueError) as failure:
            refused = _refusal_in(failure)
            if refused is not None:
                raise refused from None
            raise NothingFetched(f"{type(failure).__name__}: {failure}") from None

    async def _get(self, url: URL, *, accept: str, most: int) -> Fetched:
        connector = BoundedConnector(
            max_bytes=_HEAD_BYTES + most,
            socket_factory=self._guard.socket_for,
            resolver=self._resolver,
            use_dns_cache=False,
            force_close=True,
        )
        async with aiohttp.ClientSession(
            connector=connector,
            auto_decompress=False,
            cookie_jar=aiohttp.DummyCookieJar(),
            # The time of all of it is ours to keep.
            timeout=aiohttp.ClientTimeout(total=None),
            headers={
                "Accept": accept,
                "Accept-Encoding": ACCEPTED,
                "User-Agent": "Mozilla/5.0 (compatible; Kabar; link previews)",
            },
        ) as session:
            for _ in range(_MOST_REDIRECTS + 1):
                self._guard.require_url(url)
                with self._passage(url.raw_host or ""):
                    async with session.get(url, allow_redirects=False) as response:
                        location = response.headers.get("Location")
                        if not (300 <= response.status < 400 and location):
                            return await _read(response, accept=accept, most=most)
                url = url.join(URL(location))
        raise NothingFetched("it leads from one address to the next")

    @contextmanager
    def _passage(self, host: str) -> Iterator[None]:
        """A slow host keeps few of ours busy, from wherever one was led to it."""
        if self._called[host] >= _MOST_OF_A_HOST:
            raise HostIsBusy(host)
        self._called[host] += 1
        try:
            yield
        finally:
            self._called[host] -= 1
            if not self._called[host]:
                del self._called[host]


async def _read(response: aiohttp.ClientResponse, *, accept: str, most: int) -> Fetched:
    if response.status != 200:
        raise NothingFetched(f"status {response.status}")
    media_type = response.content_type.lower()
    if media_type not in {each.strip() for each in accept.split(",")}:
        raise NothingFetched(f"it is {media_type}")
    packed = bytearray()
    try:
        while len(packed) <= most and (piece := await response.content.read(_PIECE_BYTES)):
            packed += piece
    except aiohttp.ClientError:
        # Of a page its beginning is enough, also of one that is longer than it may be.
        if not packed:
            raise
    encoding = response.headers.get("Content-Encoding", "")
    body = inflated(bytes(packed[:most]), encoding, most=most)
    if body is None:
        raise NothingFetched(f"it is packed in a way that cannot be read ({encoding[:40]})")
    is_cut = len(packed) > most or len(body) >= most
    return Fetched(str(response.url), media_type, response.charset, body, is_cut)


def _refusal_in(failure: BaseException | None) -> Refused | None:
    """Return the refusal that aiohttp has wrapped, if it was one."""
    while failure is not None:
        if isinstance(failure, Refused):
            return failure
        failure = failure.__cause__ or failure.__context__
    return None
