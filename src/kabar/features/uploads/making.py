"""Making pictures anew, and forgetting what nobody has any more: beside the requests."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

from kabar.core.ids import new_id
from kabar.core.log import get_log
from kabar.engines.images import Studio, StudioFailed, UnfitImage
from kabar.features.uploads.models import UploadState
from kabar.features.uploads.receiving import sweep_incoming
from kabar.features.uploads.uploads import (
    claim_due,
    forget,
    is_last_of,
    note_broken,
    note_made,
)
from kabar.infra.db import Units
from kabar.infra.storage import NotStored, Storage

#: how often one looks for what another node, or a process that is no more, has left
_LOOK_EVERY = 5.0
#: at a time: of pictures so few that whoever comes next soon has their turn
_PICTURES, _RELEASED = 2, 50
#: of what a process left in the folder of what comes in
_OLD_SECONDS = 24 * 3600.0

_log = get_log("uploads")


class Making:
    """Does what the rows of uploads say is due. One that dies leaves it to the next."""

    def __init__(self, db: Units, *, storage: Storage, studio: Studio, folder: Path) -> None:
        self._db = db
        self._storage = storage
        self._studio = studio
        self._folder = folder
        self._wake = asyncio.Event()
        self._made = asyncio.Condition()

    def wake(self) -> None:
        """Say that there is a new picture."""
        self._wake.set()

    async def wait_for(self, _file: str) -> None:
        """Return when some picture was made, or after a second: another node may have made it."""
        try:
            async with asyncio.timeout(1.0), self._made:
                await self._made.wait()
        except TimeoutError:
            pass

    async def make_pictures(self) -> None:
        """Make pictures anew, one after the other, for ever."""
        while True:
            try:
                async with asyncio.timeout(_LOOK_EVERY):
                    await self._wake.wait()
            except TimeoutError:
                pass
            self._wake.clear()
            while await self.make_waiting():
                pass

    async def make_waiting(self) -> int:
        """Make those that are due; return how many."""
        due = await self._db.write(claim_due, state=UploadState.WAITING, most=_PICTURES)
        for _, file, size in due:
            try:
                await self._make(file, size)
            except Exception:
                # Its lease ends, and it is tried again.
                _log.exception("picture_not_made", file=file)
            async with self._made:
                self._made.notify_all()
        return len(due)

    async def _make(self, file: str, size: int) -> None:
        given, picture, thumbnail = (self._folder / new_id() for _ in range(3))
        try:
            try:
                await _write(given, await self._storage.read(file, start=0, length=size))
                await self._studio.make(given, picture=picture, thumbnail=thumbnail)
            except (UnfitImage, StudioFailed, NotStored) as failure:
                _log.warning("picture_unreadable", file=file, failure=str(failure))
                await self._db.write(note_broken, file=file)
                # What it says beside the picture is nobody's business either.
                await self._storage.delete(file)
                return
            sizes = picture.stat().st_size, thumbnail.stat().st_size
            await self._storage.put(thumbnail_key(file), thumbnail)
            await self._storage.put(file, picture)
            await self._db.write(
                note_made, file=file, stored_size=sizes[0], thumbnail_size=sizes[1]
            )
        finally:
            for path in (given, picture, thumbnail):
                await asyncio.to_thread(path.unlink, missing_ok=True)

    async def forget_released(self) -> None:
        """Delete the bytes of what was released, then its row; as often as needed."""
        while due := await self._db.write(claim_due, state=UploadState.RELEASED, most=_RELEASED):
            for upload_id, file, _ in due:
                if await self._db.read(is_last_of, upload_id, file):
                    await self._storage.delete(file)
                    await self._storage.delete(thumbnail_key(file))
                await self._db.write(forget, [upload_id])

    async def sweep(self) -> None:
        """Delete what a process that fell over has left in the folder of what comes in."""
        older_than = time.time() - _OLD_SECONDS
        await asyncio.to_thread(sweep_incoming, self._folder, older_than=older_than)


def thumbnail_key(file: str) -> str:
    """Return under which key the small picture of a file is kept."""
    return f"{file}-t"


async def _write(file: Path, pieces: AsyncIterator[bytes]) -> None:
    with file.open("xb") as opened:
        async for piece in pieces:
            await asyncio.to_thread(opened.write, piece)
