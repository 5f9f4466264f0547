"""Working: makes previews, a few at a time, beside everything else."""

from __future__ import annotations

import asyncio
from collections import Counter

from kabar.core.log import get_log
from kabar.features.chat.link_previews.cache import Known
from kabar.features.chat.link_previews.jobs import (
    MOST_OF_ONE,
    Job,
    claim_jobs,
    is_due,
    put_off,
    settle,
    wanted_addresses,
)
from kabar.features.chat.link_previews.looking import Looking
from kabar.infra.db import Units
from kabar.infra.outbound import HostIsBusy

#: how often one looks whether there is something to do
_LOOK_EVERY = 0.5
_AT_ONCE = 8
#: a host that is being called as often as it may be is called again after so long
_PUT_OFF_SECONDS = 1.0

_log = get_log("links")


class PreviewWork:
    """Does the jobs that wait. One that dies leaves its own to the next, after their lease."""

    def __init__(self, db: Units, looking: Looking, *, most: int) -> None:
        """`most`: of one message; with 0 nothing is looked at, and what waits is dropped."""
        self._db = db
        self._looking = looking
        self._most = most
        self._running: dict[asyncio.Task[None], str] = {}

    async def run(self) -> None:
        """Work for ever."""
        try:
            while True:
                await self._begin()
                if self._running:
                    await asyncio.wait(
                        self._running, timeout=_LOOK_EVERY, return_when=asyncio.FIRST_COMPLETED
                    )
                else:
                    await asyncio.sleep(_LOOK_EVERY)
        finally:
            for task in self._running:
                task.cancel()
            await asyncio.gather(*self._running, return_exceptions=True)

    async def _begin(self) -> None:
        """Begin as many as may be done at once: a slow one keeps one place, and no other waits."""
        room = _AT_ONCE - len(self._running)
        if room <= 0 or not await self._db.read(is_due):
            return
        of_each = Counter(self._running.values())
        busy = [sender for sender, count in of_each.items() if count >= MOST_OF_ONE]
        for job in await self._db.write(claim_jobs, most=room, busy=busy):
            task = asyncio.create_task(self._do(job), name="kabar-preview")
            self._running[task] = job.sender_id
            task.add_done_callback(lambda done: self._running.pop(done, None))

    async def _do(self, job: Job) -> None:
        try:
            found: dict[str, Known] = {}
            for address in await self._db.read(wanted_addresses, job, most=self._most):
                found[address] = await self._looking.look(address)
            await self._db.write(settle, job, found)
        except HostIsBusy:
            await self._db.write(put_off, job, seconds=_PUT_OFF_SECONDS)
        except asyncio.CancelledError:
            # The server stops: the next one begins it anew.
            await self._db.write(put_off, job, seconds=0)
            raise
        except Exception:
            # Its lease ends, and it is tried again.
            _log.exception("preview_not_made", message=job.message_id)
