"""Lookups: what addresses does a name have? Asked in threads that nobody has to wait for."""

from __future__ import annotations

import asyncio
import socket
from threading import Thread
from typing import Any

from aiohttp.abc import AbstractResolver, ResolveResult

#: threads that ask at the same time
_AT_ONCE = 16


class Lookups(AbstractResolver):
    """Asks the resolver of this machine.

    Somebody whose name server does not answer holds a thread for half a minute: one of ours, none
    of those that read files, and none that the end of the process waits for.
    """

    def __init__(self) -> None:
        self._room = asyncio.Semaphore(_AT_ONCE)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[list[Any]] = loop.create_future()
        await self._room.acquire()

        def ask() -> None:
            found: list[Any] = []
            failure: OSError | None = None
            try:
                found = socket.getaddrinfo(host, port, family, socket.SOCK_STREAM)
            except (OSError, UnicodeError) as error:
                failure = OSError(f"{host}: {error}")
            try:
                loop.call_soon_threadsafe(tell, found, failure)
            except RuntimeError:
                pass  # the loop has ended

        def tell(found: list[Any], failure: OSError | None) -> None:
            self._room.release()
            if answer.done():
                return
            if failure is not None:
                answer.set_exception(failure)
            else:
                answer.set_result(found)

        Thread(target=ask, name="kabar-lookup", daemon=True).start()
        return [
            ResolveResult(
                hostname=host,
                host=place[0],
                port=port,
                family=kind,
                proto=protocol,
                flags=socket.AI_NUMERICHOST,
            )
            for kind, _, protocol, _, place in await answer
        ]

    async def close(self) -> None:
        """Do nothing: a thread ends when it is answered."""
