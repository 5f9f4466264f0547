"""Watch: how a running server learns that apps have changed in the database."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from kabar.core.log import get_log
from kabar.core.times import utc_now
from kabar.engines.realtime.apps.app import App
from kabar.features.apps.queries import load_apps, revision_of
from kabar.features.apps.served import GivenApps, ServedApp, served_apps
from kabar.infra.db import Database

#: takes all apps, Kabar's own first
Change = Callable[[Sequence[App]], None]

_log = get_log("apps")


class AppsWatch:
    """Looks at the database every few seconds, and gives the engine the apps that have changed.

    Apps are changed by another process, perhaps on another machine, which does not know who serves
    them. While the database does not answer, everything stays as it is.
    """

    def __init__(self, db: Database, given: GivenApps, *, seconds: float = 2.0) -> None:
        self._db = db
        self._given = given
        self._seconds = seconds
        self._seen = _Seen(-1, (), None)
        self._is_blind = False

    async def start(self) -> list[App]:
        """Return all apps, as they are now."""
        self._seen = await self._read()
        return self._seen.apps

    async def run(self, change: Change) -> None:
        """Look until cancelled."""
        while True:
            await asyncio.sleep(self._seconds)
            try:
                await self.look(change)
                self._is_blind = False
            except Exception as failure:
                if not self._is_blind:
                    self._is_blind = True
                    _log.warning("apps_not_read", because=repr(failure)[:300])

    async def look(self, change: Change) -> None:
        """Pass all apps to `change`, if anything has changed since the last time."""
        was = self._seen
        if not was.is_over and await self._db.read(revision_of) == was.revision:
            return
        now = await self._read()
        before = {each.app.id: each for each in was.served}
        stayed = [each.app for each in now.served if not _is_another(each, before)]
        if len(stayed) < len(now.served):
            # Connections to the app that had this id before must not get into the new one.
            change(stayed)
        change(now.apps)
        self._seen = now
        _log.info("apps_changed", apps=len(now.served))

    async def _read(self) -> _Seen:
        stored = await self._db.read(load_apps)
        served = served_apps(self._given, stored)
        ends = (until for each in served for _, until in each.keys.older)
        return _Seen(stored.revision, served, min(ends, default=None))


@dataclass(frozen=True, slots=True)
class _Seen:
    """What was read last, and when the next key ends."""

    revision: int
    served: Sequence[ServedApp]
    next_end: datetime | None

    @property
    def apps(self) -> list[App]:
        return [each.app for each in self.served]

    @property
    def is_over(self) -> bool:
        return self.next_end is not None and self.next_end <= utc_now()


def _is_another(app: ServedApp, before: Mapping[str, ServedApp]) -> bool:
    """Whether the app that was served under this id until now is another one."""
    was = before.get(app.app.id)
    return was is not None and was.created_at != app.created_at
