"""What the routes of exports ask for: the limit, the signed addresses, and the bytes."""

from __future__ import annotations

from collections.abc import AsyncIterator

import msgspec

from kabar.core.settings import Settings
from kabar.features.exports.errors import ExportNotFound
from kabar.features.exports.exports import ask_for_export, find_ready, still_asked
from kabar.features.exports.models import ExportState
from kabar.features.exports.schemas import ExportAsked, ExportView, NoBody
from kabar.features.uploads.downloads import Download
from kabar.features.uploads.links import Links
from kabar.infra.db import Units
from kabar.infra.http.idempotency import once, repeatable
from kabar.infra.http.rate_limits import RateLimit
from kabar.infra.storage import NotStored, Storage


class Exports:
    """Takes orders, and hands out what is ready to whom it is of."""

    def __init__(self, settings: Settings, *, secret: bytes, storage: Storage) -> None:
        self._limit = RateLimit(
            settings.exports_per_user, says="You have asked for your data too often. Wait."
        )
        self._links = Links(secret, seconds=settings.upload_link_seconds, purpose=b"kabar exports")
        self._storage = storage

    async def ask(self, db: Units, user_id: str, *, key: str | None) -> ExportAsked:
        self._limit.spend(user_id)
        mark = repeatable(key, owner=user_id, operation="export", body=NoBody())
        asked = once(mark, ExportAsked, ask_for_export, now=still_asked)
        return (await db.write(asked, user_id=user_id)).value

    def signed(self, view: ExportView, user_id: str) -> ExportView:
        """Return it with an address, once there is something to fetch."""
        if view.state != ExportState.READY:
            return view
        query = self._links.query(view.id, user_id)
        return msgspec.structs.replace(view, url=f"/api/me/export/{view.id}/file{query}")

    def require_user(self, export_id: str, user_id: str, expires: int, signature: str) -> str:
        return self._links.require_user(export_id, user_id, expires, signature)

    async def find(self, db: Units, export_id: str, user_id: str) -> Download:
        """Return what is handed out, to whom it is of, as long as it is there."""
        view, key = await db.read(find_ready, user_id=user_id, export_id=export_id)
        assert isinstance(view.size, int), "what is ready has a size"
        return Download(
            key=key,
            size=view.size,
            name=f"kabar-{view.created_at[:10]}.zip",
            media_type="application/zip",
            is_inline=False,
        )

    async def read(self, key: str, *, start: int, length: int) -> AsyncIterator[bytes]:
        try:
            return await self._storage.read(key, start=start, length=length)
        except NotStored:
            raise ExportNotFound from None
