"""Workers: the tasks that run beside the server, started and ended together."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from kabar.core.log import get_log

_log = get_log("workers")

#: a name for the log, and what runs until it is cancelled
Work = tuple[str, Callable[[], Awaitable[Any]]]

#: so long `/up` tells of one that fell over
_LATELY_SECONDS = 60


class Workers:
    """Runs works in one TaskGroup, and starts one again that has failed.

    None fails unseen: `check` says which did lately, and whether all of them are gone.
    """

    def __init__(self, works: Sequence[Work]) -> None:
        self._works = works
        self._stopping = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        #: when each fell over for the last time (monotonic)
        self._fell: dict[str, float] = {}

    async def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="kabar-workers")

    async def close(self) -> None:
        self._stopping.set()
        if self._task is not None:
            await self._task

    async def check(self) -> str | None:
        """Say, for `/up`, what is not well."""
        if self._task is None or self._task.done():
            return "all of them have ended"
        since = time.monotonic() - _LATELY_SECONDS
        fell = sorted(name for name, at in self._fell.items() if at > since)
        return f"fell over: {', '.join(fell)}" if fell else None

    async def _run(self) -> None:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self._keep(*work), name=work[0]) for work in self._works]
            await self._stopping.wait()
            for task in tasks:
                task.cancel()

    async def _keep(self, name: str, work: Callable[[], Awaitable[Any]]) -> None:
        while True:
            try:
                await work()
                # It would have run until it is cancelled.
                _log.error("worker_ended", worker=name)
            except asyncio.CancelledError:
                if self._stopping.is_set() or _is_cancelled():
                    raise
                # What it waited for was cancelled, and nobody meant the work.
                _log.exception("worker_failed", worker=name)
            except Exception:
                _log.exception("worker_failed", worker=name)
            self._fell[name] = time.monotonic()
            await asyncio.sleep(1)


def _is_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def every(seconds: float, work: Callable[[], Awaitable[Any]]) -> Callable[[], Awaitable[Any]]:
    """Return a work that runs `work` after each interval."""

    async def repeat() -> None:
        while True:
            await asyncio.sleep(seconds)
            await work()

    return repeat
