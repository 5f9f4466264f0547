"""Making exports: one after the other, beside the requests; and forgetting those that are over."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from functools import partial
from pathlib import Path

from sqlalchemy.engine import URL

from kabar.core.ids import new_id
from kabar.core.log import get_log
from kabar.core.settings import Settings
from kabar.features.exports.exports import (
    Claimed,
    Superseded,
    claim_export,
    claim_released,
    forget_export,
    is_something_due,
    note_failed,
    note_progress,
    note_ready,
)
from kabar.features.exports.writing import Writer
from kabar.infra.db import Database
from kabar.infra.storage import Storage

_log = get_log("exports")


class ExportMaking:
    """Does what the rows of exports say is due. One that dies leaves it to the next."""

    def __init__(
        self, settings: Settings, *, url: URL, db: Database, storage: Storage, folder: Path
    ) -> None:
        self._keep = timedelta(days=settings.export_days)
        self._url = url
        self._db = db
        self._storage = storage
        self._folder = folder

    async def make_due(self) -> None:
        """Write those that wait, and forget those that are over."""
        if not await self._db.read(is_something_due):
            return
        while (claimed := await self._db.write(claim_export)) is not None:
            await self._make(claimed)
        while released := await self._db.write(claim_released):
            for export_id, keys in released:
                for key in keys:
                    await self._storage.delete(key)
                await self._db.write(forget_export, export_id)

    async def _make(self, claimed: Claimed) -> None:
        file = self._folder / new_id()
        try:
            tell = partial(self._tell, claimed)
            writer = Writer(file, user_id=claimed.user_id, tell=tell)
            await writer.write(url=self._url, db=self._db, storage=self._storage)
            size = (await asyncio.to_thread(file.stat)).st_size
            await self._tell(claimed, 99)
            await self._storage.put(claimed.key, file)
            await self._db.write(note_ready, claimed, size=size, keep=self._keep)
        except Superseded:
            await self._storage.delete(claimed.key)
            _log.warning("export_superseded", export=claimed.id)
        except Exception:
            _log.exception("export_failed", export=claimed.id, attempt=claimed.attempt)
            await self._failed(claimed)
        finally:
            await asyncio.to_thread(file.unlink, missing_ok=True)

    async def _tell(self, claimed: Claimed, progress: int) -> None:
        await self._db.write(note_progress, claimed, progress)

    async def _failed(self, claimed: Claimed) -> None:
        try:
            await self._db.write(note_failed, claimed)
        except Superseded:
            _log.warning("export_superseded", export=claimed.id)
