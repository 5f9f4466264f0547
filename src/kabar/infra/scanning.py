"""Asks ClamAV whether a file is one that harms: its INSTREAM protocol, by TCP or a socket file."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from kabar.core.errors import Invalid, Unavailable
from kabar.core.log import get_log

_CHUNK_BYTES = 64 * 1024
_CONNECT_SECONDS = 5.0
#: for all of a scan; clamd itself gives up after two minutes
_SECONDS = 120.0
_ANSWER_BYTES = 4096

_log = get_log("scanning")


class InfectedFile(Invalid):
    """A scanner found something harmful in this file."""


class ScannerAway(Unavailable):
    """Files cannot be looked at for viruses now. Try again in a moment."""


class Scanner:
    """Asks the clamd at an address: `tcp://host:3310` or `unix:///run/clamav/clamd.ctl`."""

    def __init__(self, url: str, *, is_required: bool = True) -> None:
        """Whether a file is refused that could not be looked at (`is_required`)."""
        self._parts = urlsplit(url)
        self._is_required = is_required

    async def require_harmless(self, file: Path) -> None:
        """Raise `InfectedFile`, or `ScannerAway` when nobody could look."""
        try:
            async with asyncio.timeout(_SECONDS):
                verdict = await self._ask(file)
        except (OSError, TimeoutError, asyncio.IncompleteReadError, ValueError) as failure:
            _log.error("scanner_away", required=self._is_required, failure=repr(failure))
            if self._is_required:
                raise ScannerAway from failure
            return
        if found := re.fullmatch(r"stream: (.+) FOUND", verdict):
            _log.warning("infected_file", found=found[1])
            raise InfectedFile
        if verdict != "stream: OK":
            # It is larger than clamd's own limit, for example: then nobody has looked.
            _log.error("scanner_failed", required=self._is_required, answer=verdict)
            if self._is_required:
                raise ScannerAway

    async def _ask(self, file: Path) -> str:
        async with asyncio.timeout(_CONNECT_SECONDS):
            if self._parts.scheme == "unix":
                opened = await asyncio.open_unix_connection(self._parts.path)
            else:
                opened = await asyncio.open_connection(
                    self._parts.hostname, self._parts.port or 3310
                )
        reader, writer = opened
        answer = asyncio.ensure_future(reader.readuntil(b"\0"))
        try:
            writer.write(b"zINSTREAM\0")
            chunks = _chunks(file)
            # It hangs up on what is too large for it, and says so before.
            while not answer.done() and (chunk := await asyncio.to_thread(next, chunks, b"")):
                writer.write(len(chunk).to_bytes(4, "big") + chunk)
                await writer.drain()
            if not answer.done():
                writer.write(bytes(4))
            said = await answer
        except ConnectionError:
            said = await answer
        finally:
            answer.cancel()
            writer.close()
        return said[:_ANSWER_BYTES].rstrip(b"\0").decode("utf-8", "replace").strip()


def _chunks(file: Path) -> Iterator[bytes]:
    with file.open("rb") as opened:
        read: Callable[[], bytes] = lambda: opened.read(_CHUNK_BYTES)  # noqa: E731
        yield from iter(read, b"")
