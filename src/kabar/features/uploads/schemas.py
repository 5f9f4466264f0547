"""What uploads take and answer: the shapes of the HTTP API, and of what messages keep."""

from __future__ import annotations

import msgspec

from kabar.infra.http.views import View

_ABSENT = msgspec.UNSET


class Attached(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A file as its message keeps it: all that one sees of it, but where it is."""

    id: str
    name: str
    media_type: str
    size: int
    #: of a picture
    width: int | None = None
    height: int | None = None

    @property
    def is_picture(self) -> bool:
        return self.width is not None


_decode = msgspec.json.Decoder(list[Attached]).decode


def read_attached(stored: str | None) -> list[Attached]:
    """Return the files that a message keeps as JSON."""
    return [] if stored is None else _decode(stored)


class AttachmentView(View, frozen=True, kw_only=True):
    """A file. `url` is good for minutes and names whom it was made for."""

    id: str
    url: str
    name: str
    media_type: str
    size: int
    width: int | msgspec.UnsetType = _ABSENT
    height: int | msgspec.UnsetType = _ABSENT
    thumbnail_url: str | msgspec.UnsetType = _ABSENT


class FileMark(msgspec.Struct, frozen=True):
    """What makes two uploads the same one, for an Idempotency-Key."""

    name: str
    sha256: str
