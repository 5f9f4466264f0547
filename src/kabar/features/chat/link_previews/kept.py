"""Previews as a message keeps them, and as they are shown."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from kabar.core.events import encode_json
from kabar.features.chat.link_previews.schemas import LinkPreviewView
from kabar.features.uploads.links import file_address


class Kept(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A preview on its message: with it it is read, and costs nothing more."""

    url: str
    title: str
    description: str | None = None
    #: an upload of this message
    image_id: str | None = None


_decode = msgspec.json.Decoder(list[Kept]).decode


def read_kept(stored: str | None) -> list[Kept]:
    """Return what is in the column."""
    return [] if stored is None else _decode(stored)


def written(previews: Sequence[Kept]) -> str | None:
    """Return what is written into the column."""
    return encode_json(previews).decode() if previews else None


def preview_views(stored: str | None) -> list[LinkPreviewView]:
    """Return previews as they are shown. The address of a picture is for who is signed in."""
    return [
        LinkPreviewView(
            url=each.url,
            title=each.title,
            description=each.description,
            image_url=None if each.image_id is None else file_address(each.image_id),
        )
        for each in read_kept(stored)
    ]
