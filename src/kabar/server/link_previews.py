"""Link previews: the guard, what gets pages through it, and the work beside the requests."""

from __future__ import annotations

from kabar.core.settings import Settings
from kabar.features.chat.link_previews.looking import Looking
from kabar.features.chat.link_previews.working import PreviewWork
from kabar.features.uploads.found import FoundPictures
from kabar.infra.db import Units
from kabar.infra.outbound import Guard, Outbound
from kabar.server.workers import Work

#: of a page, and once more of its picture
_SECONDS = 8.0


def link_previews(settings: Settings, *, db: Units, pictures: FoundPictures) -> list[Work]:
    """Return the work that makes previews."""
    looking = Looking(
        db,
        outbound=Outbound(Guard(settings.outbound_allow), seconds=_SECONDS),
        pictures=pictures if settings.link_preview_images else None,
    )
    return [("link previews", PreviewWork(db, looking, most=settings.link_previews).run)]
