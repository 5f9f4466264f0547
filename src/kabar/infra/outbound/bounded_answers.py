"""Calls to servers of others, whose answers are read only so far: a connector for aiohttp."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

import aiohttp
from aiohttp.client_proto import ResponseHandler


class BoundedConnector(aiohttp.TCPConnector):
    """Hangs up on who answers with more than so many bytes, head and body together.

    aiohttp takes any number of answers `100 Continue`, and parses all that a read has brought in
    one go: a server that sends nothing else keeps the loop busy for seconds, and no time-out runs.
    """

    def __init__(self, *, max_bytes: int, **given: Any) -> None:
        super().__init__(**given)
        # It has no public place for this: tests/infra/outbound/test_bounded_answers.py says what we
        # rely on.
        self._factory = partial(  # type: ignore[assignment]
            _BoundedAnswers, max_bytes, loop=self._loop
        )


class _BoundedAnswers(ResponseHandler):
    def __init__(self, max_bytes: int, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(loop=loop)
        self._max_bytes = max_bytes
        #: of the present answer
        self._room = max_bytes

    def set_response_params(self, **given: Any) -> None:
        self._room = self._max_bytes
        super().set_response_params(**given)

    def data_received(self, data: bytes) -> None:
        taken = data[: self._room]
        self._room -= len(taken)
        # What came before the end of the room is heard: it may have the status.
        super().data_received(taken)
        if len(taken) < len(data) and self.transport is not None:
            self.abort()
            self.set_exception(aiohttp.ClientConnectionError("The answer is longer than it may be"))
