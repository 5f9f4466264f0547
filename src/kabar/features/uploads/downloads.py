"""How a file is handed out: as what, under which name, and how little a browser may do with it."""

from __future__ import annotations

from typing import NamedTuple

from kabar.features.uploads.contents import PLAYED, UNKNOWN
from kabar.features.uploads.errors import UploadNotFound
from kabar.features.uploads.making import thumbnail_key
from kabar.features.uploads.queries import Kept
from kabar.infra.http.dispositions import content_disposition
from kabar.infra.http.ranges import Part, asked_part

#: Somebody who opens the address itself gets a document that runs nothing and is of no origin. It
#: may show the one picture, or play the one sound, that it is.
_POLICY = "sandbox; default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'"


class Download(NamedTuple):
    """A file on its way out."""

    key: str
    size: int
    name: str
    media_type: str
    is_inline: bool

    @property
    def etag(self) -> str:
        return f'"{self.key}-{self.size}"'

    def headers(self, *, is_signed: bool) -> dict[str, str]:
        return {
            "etag": self.etag,
            "accept-ranges": "bytes",
            # A browser may keep it, and asks each time whether it may still show it.
            "cache-control": "private, no-cache",
            "content-disposition": content_disposition(
                "inline" if self.is_inline else "attachment", self.name
            ),
            "x-content-type-options": "nosniff",
            "content-security-policy": _POLICY,
            "referrer-policy": "no-referrer",
            # A signed address may stand in pages of others; what a cookie opens may not.
            "cross-origin-resource-policy": "cross-origin" if is_signed else "same-origin",
        }

    def is_known(self, if_none_match: str | None) -> bool:
        return if_none_match is not None and self.etag in if_none_match

    def part(self, asked: str | None, if_range: str | None) -> Part:
        """Return the part of it that is asked for."""
        return asked_part(asked, size=self.size, is_same=if_range in {None, self.etag})


def file_download(kept: Kept, *, save: bool) -> Download:
    """Return the file; only pictures made anew, sound and film are shown in a page."""
    is_shown = kept.width is not None or kept.media_type in PLAYED
    return Download(
        key=kept.file,
        size=kept.stored_size,
        name=kept.name,
        media_type=kept.media_type if is_shown else UNKNOWN,
        is_inline=is_shown and not save,
    )


def thumbnail_download(kept: Kept) -> Download:
    """Return the small version of a picture."""
    if kept.thumbnail_size is None:
        raise UploadNotFound
    return Download(
        key=thumbnail_key(kept.file),
        size=kept.thumbnail_size,
        name=f"{kept.id}.webp",
        media_type="image/webp",
        is_inline=True,
    )
