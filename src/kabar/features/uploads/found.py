"""Found pictures: what Kabar itself has fetched, made anew and kept small, of no owner."""

from __future__ import annotations

import asyncio
from pathlib import Path

from sqlalchemy import insert, update

from kabar.core.ids import new_id
from kabar.engines.images import Look, Studio, StudioFailed, UnfitImage
from kabar.features.uploads.models import Upload, UploadState
from kabar.infra.db import Transaction, Units
from kabar.infra.storage import Storage

#: smaller ones are there to count who looks
_SMALLEST_SIDE = 32


class FoundPictures:
    """Takes pictures in that nobody sent: each is an upload that no message has yet."""

    def __init__(self, db: Units, *, storage: Storage, studio: Studio, folder: Path) -> None:
        self._db = db
        self._storage = storage
        self._studio = studio
        self._folder = folder

    async def take(self, body: bytes) -> str | None:
        """Return the upload that has the picture, small; None: it is none that one could show."""
        given, picture, small = (self._folder / new_id() for _ in range(3))
        try:
            await asyncio.to_thread(given.write_bytes, body)
            await self._studio.make(given, picture=picture, thumbnail=small)
            look = await self._studio.look(small)
            if min(look.width, look.height) < _SMALLEST_SIDE:
                return None
            size = small.stat().st_size
            # Its row first, so that no bytes are stored that nobody knows of.
            upload_id = await self._db.write(_begin, look=look, size=size)
            await self._storage.put(upload_id, small)
            await self._db.write(_finish, upload_id)
            return upload_id
        except (UnfitImage, StudioFailed):
            return None
        finally:
            for path in (given, picture, small):
                await asyncio.to_thread(path.unlink, missing_ok=True)


def _begin(tx: Transaction, *, look: Look, size: int) -> str:
    upload_id = new_id()
    tx.execute(
        insert(Upload).values(
            id=upload_id,
            file=upload_id,
            name="preview.webp",
            media_type="image/webp",
            size=size,
            stored_size=size,
            width=look.width,
            height=look.height,
            state=UploadState.ARRIVING,
            due_at=tx.now,
            created_at=tx.now,
        )
    )
    return upload_id


def _finish(tx: Transaction, upload_id: str) -> None:
    tx.execute(
        update(Upload)
        .where(Upload.id == upload_id, Upload.state == UploadState.ARRIVING)
        .values(state=UploadState.READY)
    )
