"""Workers: the tasks that run beside the server, started and ended together."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from kabar.core.log import get_log

_log = get_log("workers")

#: a name for the log, and what runs until it is cancelled
Work = tuple[str, Callable[[], Awaitable[Any]]]


class Workers:
    """Runs works in one TaskGroup, and starts one again that has failed."""

    def __init__(self, works: Sequence[Work]) -> None:
        self._works = works
        self._stopping = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="kabar-workers")

    async def close(self) -> None:
        self._stopping.set()
        if self._task is not None:
            await self._task

    async def _run(self) -> None:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(_keep(*work), name=work[0]) for work in self._works]
            await self._stopping.wait()
            for task in tasks:
                task.cancel()


async def _keep(name: str, work: Callable[[], Awaitable[Any]]) -> None:
    while True:
        try:
            await work()
            return
        except Exception:
            _log.exception("worker_failed", worker=name)
            await asyncio.sleep(1)


def every(seconds: float, work: Callable[[], Awaitable[Any]]) -> Callable[[], Awaitable[Any]]:
    """Return a work that runs `work` after each interval."""

    async def repeat() -> None:
        while True:
            await asyncio.sleep(seconds)
            await work()

    return repeat
