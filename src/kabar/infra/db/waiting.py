"""Who waits for the database: nobody for longer than so many seconds."""

from __future__ import annotations

import asyncio
from typing import Any

from kabar.core.errors import Unavailable
from kabar.core.log import get_log
from kabar.infra.db.commit_queue import CommitQueue
from kabar.infra.db.jobs import Job
from kabar.infra.db.readers import Readers

#: seconds that anything may take, however great the hurry
_LEAST = 0.1

_log = get_log("db")


class Waiting:
    """Jobs by how long they wait, oldest first. One timer for all of them: there are thousands."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._loop = asyncio.get_running_loop()
        self._since: dict[Job, float] = {}
        self._timer: asyncio.TimerHandle | None = None
        #: from when to when there is a hurry
        self._hurry: tuple[float, float] | None = None

    async def wait(self, queue: CommitQueue | Readers, job: Job) -> Any:
        """Put a job into a queue and return its result. Raises `Unavailable` when it is time."""
        now = self._since[job] = self._loop.time()
        if self._timer is None:
            self._timer = self._loop.call_at(self._due(now), self._look)
        try:
            queue.put(job)
            return await job.future
        finally:
            del self._since[job]

    @property
    def longest(self) -> float:
        """So many seconds somebody waits already."""
        return self._loop.time() - next(iter(self._since.values()), self._loop.time())

    def hurry(self, seconds: float) -> None:
        """The end is near: from now on nobody waits longer than half of the time that is left."""
        now = self._loop.time()
        self._hurry = now, now + seconds
        self.close()
        self._look()

    def close(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _due(self, since: float) -> float:
        due = since + self._seconds
        if self._hurry is not None:
            begin, end = self._hurry
            came = max(since, begin)
            due = min(due, max((came + end) / 2, came + _LEAST))
        return due

    def _look(self) -> None:
        """Give up those who have waited long enough."""
        now = self._loop.time()
        late = [job for job, since in self._since.items() if self._due(since) <= now]
        for job in late:
            job.give_up(Unavailable("The database does not answer. Try again in a moment."))
        if late:
            _log.error("database_does_not_answer", given_up=len(late))
        oldest = next((s for s in self._since.values() if self._due(s) > now), None)
        self._timer = None if oldest is None else self._loop.call_at(self._due(oldest), self._look)
