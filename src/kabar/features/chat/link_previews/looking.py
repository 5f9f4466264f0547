"""Looking: gets a page and its picture, and remembers what they were."""

from __future__ import annotations

import asyncio

from yarl import URL

from kabar.core.log import get_log
from kabar.features.chat.link_previews.addresses import page_address
from kabar.features.chat.link_previews.cache import (
    Known,
    claim_page,
    find_page,
    give_page_back,
    note_page,
)
from kabar.features.chat.link_previews.pages import read_page
from kabar.features.uploads.found import FoundPictures
from kabar.infra.db import Units
from kabar.infra.outbound import HostIsBusy, NothingFetched, Outbound, Refused

#: of a page its beginning
_PAGE_BYTES = 1 << 20
_IMAGE_BYTES = 4 << 20
_PAGES = "text/html,application/xhtml+xml"
_IMAGES = "image/jpeg,image/png,image/webp,image/gif,image/avif"
_NOTHING = Known(None, None, None)

_log = get_log("links")


class Looking:
    """Looks at pages, each once in a while, whoever else links to it."""

    def __init__(self, db: Units, *, outbound: Outbound, pictures: FoundPictures | None) -> None:
        """Without `pictures`, pictures are left out."""
        self._db = db
        self._outbound = outbound
        self._pictures = pictures

    async def look(self, address: str) -> Known:
        """Return what is known of a page. Raises `HostIsBusy`, also when somebody else looks."""
        url = page_address(address)
        if url is None:
            return _NOTHING
        known = await self._db.read(find_page, url)
        if known is not None:
            return known
        if not await self._db.write(claim_page, url):
            raise HostIsBusy(url)
        try:
            known = await self._look_at(url)
        except BaseException:
            await self._db.write(give_page_back, url)
            raise
        await self._db.write(note_page, url, known)
        return known

    async def _look_at(self, url: str) -> Known:
        try:
            fetched = await self._outbound.get(url, accept=_PAGES, most=_PAGE_BYTES)
        except (Refused, NothingFetched) as failure:
            # What a stranger's server says is no error of ours.
            _log.debug("link_not_read", url=url, failure=str(failure))
            return _NOTHING
        says = await asyncio.to_thread(read_page, fetched.body, fetched.charset)
        if says is None:
            return _NOTHING
        image_id = None
        if says.image is not None and self._pictures is not None:
            image_id = await self._picture(fetched.url, says.image)
        return Known(says.title, says.description, image_id)

    async def _picture(self, page: str, image: str) -> str | None:
        """Return the upload that has the picture, made anew; None: there is none to show."""
        assert self._pictures is not None
        try:
            address = str(URL(page).join(URL(image)).with_fragment(None))
            fetched = await self._outbound.get(address, accept=_IMAGES, most=_IMAGE_BYTES)
        except (Refused, NothingFetched, HostIsBusy, ValueError) as failure:
            _log.debug("picture_of_link_not_read", url=page, failure=str(failure))
            return None
        return None if fetched.is_cut else await self._pictures.take(fetched.body)
