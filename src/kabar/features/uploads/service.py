"""Taking a file in and handing it out: what the routes ask for, with the storage behind it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

from kabar.core.errors import Unavailable
from kabar.core.ids import new_id
from kabar.core.settings import Settings
from kabar.engines.images import Studio, StudioFailed, UnfitImage
from kabar.features.uploads.contents import is_allowed, media_type_of
from kabar.features.uploads.errors import (
    FileTypeNotAllowed,
    NotAPicture,
    PictureTooLarge,
    PictureTooLong,
    PictureUnreadable,
    UploadNotFound,
)
from kabar.features.uploads.making import Making
from kabar.features.uploads.models import UploadState
from kabar.features.uploads.names import (
    PICTURE_EXTENSIONS,
    extension_of,
    picture_name,
    plain_name,
)
from kabar.features.uploads.queries import Kept, MaySee, require_visible
from kabar.features.uploads.receiving import Received, receive
from kabar.features.uploads.schemas import Attached, FileMark
from kabar.features.uploads.turnstile import Turnstile
from kabar.features.uploads.uploads import (
    begin_upload,
    discard_upload,
    finish_upload,
    release,
    require_upload,
)
from kabar.infra.db import Units
from kabar.infra.http.idempotency import Answer, once, repeatable
from kabar.infra.scanning import Scanner
from kabar.infra.storage import NotStored, Storage

#: of a download that came before its picture was made anew
_PATIENCE = 20.0
_UNFIT = {"too_large": PictureTooLarge, "too_long": PictureTooLong, "unreadable": NotAPicture}


class Judged(NamedTuple):
    """What a file is, and under which name it is kept."""

    name: str
    media_type: str
    #: of a picture
    dimensions: tuple[int, int] | None


class UploadService:
    """The life of files between the road, the storage and the database."""

    def __init__(
        self,
        settings: Settings,
        *,
        storage: Storage,
        studio: Studio,
        making: Making,
        incoming: Path,
        may_see: MaySee,
    ) -> None:
        self._settings = settings
        self._storage = storage
        self._studio = studio
        self._making = making
        self._incoming = incoming
        self._may_see = may_see
        self.max_bytes = settings.upload_max_bytes
        self._turnstile = Turnstile(
            at_once=settings.uploads_at_once, per_user=settings.uploads_at_once_per_user
        )
        url = settings.clamav_url
        self._scanner = Scanner(url, is_required=settings.clamav_required) if url else None

    async def take(
        self,
        db: Units,
        stream: AsyncIterator[bytes],
        *,
        user_id: str,
        content_type: str,
        key: str | None,
    ) -> Answer[Attached]:
        """Take the file of a form in: whatever is wrong with it, nothing of it stays."""
        with self._turnstile.passage(user_id):
            file = self._incoming / new_id()
            try:
                received = await receive(
                    stream, content_type=content_type, into=file, max_bytes=self.max_bytes
                )
                judged = await self._judge(file, received)
                if self._scanner is not None:
                    await self._scanner.require_harmless(file)
                return await self._keep(db, file, received, judged, user_id=user_id, key=key)
            finally:
                await asyncio.to_thread(file.unlink, missing_ok=True)

    async def _judge(self, file: Path, received: Received) -> Judged:
        name = plain_name(received.name)
        media_type = await asyncio.to_thread(
            media_type_of, file, name=name, declared=received.declared_type
        )
        dimensions = None
        says_picture = extension_of(name) in PICTURE_EXTENSIONS
        if says_picture or media_type.startswith("image/"):
            try:
                look = await self._studio.look(file)
            except UnfitImage as unfit:
                raise _UNFIT[str(unfit)] from None
            except StudioFailed:
                raise NotAPicture from None
            if look.format is not None:
                media_type = f"image/{look.format.lower()}"
                name, dimensions = picture_name(name, media_type), (look.width, look.height)
            elif says_picture:
                raise NotAPicture
        if not is_allowed(media_type, self._settings.upload_types):
            raise FileTypeNotAllowed(f"Files of the kind {media_type} are not taken here.")
        return Judged(name, media_type, dimensions)

    async def _keep(
        self,
        db: Units,
        file: Path,
        received: Received,
        judged: Judged,
        *,
        user_id: str,
        key: str | None,
    ) -> Answer[Attached]:
        upload_id = await db.write(
            begin_upload,
            owner_id=user_id,
            name=judged.name,
            media_type=judged.media_type,
            size=received.size,
            dimensions=judged.dimensions,
            quota=self._settings.upload_quota_bytes,
        )
        mark = repeatable(
            key,
            owner=user_id,
            operation="upload",
            body=FileMark(name=judged.name, sha256=received.sha256),
        )
        answer = None
        try:
            await self._storage.put(upload_id, file)
            answer = await db.write(
                once(mark, Attached, finish_upload, now=require_upload), upload_id=upload_id
            )
        finally:
            # Of two with one key, the second is not needed.
            if answer is None or answer.value.id != upload_id:
                await db.write(release, [upload_id])
        if judged.dimensions is not None:
            self._making.wake()
        return answer

    async def find(self, db: Units, upload_id: str, user_id: str) -> Kept:
        """Return a file that this person may see now."""
        return await db.read(
            partial(require_visible, may_see=self._may_see), upload_id=upload_id, user_id=user_id
        )

    async def find_made(self, db: Units, upload_id: str, user_id: str) -> Kept:
        """The same, once it can be handed out: of a picture only what was made anew is."""
        until = time.monotonic() + _PATIENCE
        while True:
            kept = await self.find(db, upload_id, user_id)
            if kept.state == UploadState.BROKEN:
                raise PictureUnreadable
            if kept.state == UploadState.READY:
                return kept
            if time.monotonic() > until:
                raise Unavailable("This picture is not ready yet. Try again in a moment.")
            await self._making.wait_for(kept.file)

    async def read(self, key: str, *, start: int, length: int) -> AsyncIterator[bytes]:
        """Return the bytes of a file."""
        try:
            return await self._storage.read(key, start=start, length=length)
        except NotStored:
            # Between the question whether it is there and this it was forgotten.
            raise UploadNotFound from None

    async def discard(self, db: Units, upload_id: str, user_id: str) -> None:
        """Let a file go that was not sent."""
        await db.write(discard_upload, upload_id=upload_id, user_id=user_id)
