"""Handing out files over HTTP: to whom a signed address was made for, whole or in part."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Protocol

from litestar import Request
from litestar.openapi.spec import OpenAPIMediaType, OpenAPIResponse, Operation, Schema
from litestar.openapi.spec.enums import OpenAPIFormat, OpenAPIType
from litestar.params import QueryParameter
from litestar.response import Stream

from kabar.features.accounts.signed_in import sign_in_first
from kabar.features.uploads.downloads import Download
from kabar.features.uploads.errors import LinkNotGood

_NO_PIECES: Sequence[bytes] = ()
UserOfLink = Annotated[str | None, QueryParameter(name="user", max_length=64)]
Expires = Annotated[int | None, QueryParameter(ge=0, lt=1 << 53)]
Signature = Annotated[str | None, QueryParameter(max_length=64)]


class Signs(Protocol):
    """Knows its own signed addresses."""

    def require_user(self, key: str, user_id: str, expires: int, signature: str, /) -> str:
        """Return whom the address was made for. Raises `LinkNotGood`."""


class Reads(Protocol):
    """Has the bytes of files."""

    async def read(self, key: str, *, start: int, length: int) -> AsyncIterator[bytes]:
        """Return so much of one."""


@dataclass
class GivesFile(Operation):
    """The description of a download: of whatever type the file is."""

    def __post_init__(self) -> None:
        file = OpenAPIMediaType(schema=Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY))
        self.responses = {
            "200": OpenAPIResponse(description="The file.", content={"*/*": file}),
            "206": OpenAPIResponse(description="A part of it.", content={"*/*": file}),
            "304": OpenAPIResponse(description="It is the one that you have."),
        }


def whom(
    signs: Signs,
    visitor: Any,
    file_id: str,
    user: str | None,
    expires: int | None,
    signature: str | None,
) -> str:
    """Return who downloads: whom the address names, or else who is signed in."""
    if signature is not None:
        if user is None or expires is None:
            raise LinkNotGood
        return signs.require_user(file_id, user, expires, signature)
    if visitor is None:
        raise sign_in_first()
    user_id: str = visitor.user_id
    return user_id


async def answer_download(
    request: Request[Any, Any, Any], reads: Reads, found: Download, signature: str | None
) -> Stream:
    """Return the file, the part of it that is asked for, or that it is the one they have."""
    headers = found.headers(is_signed=signature is not None)
    if found.is_known(request.headers.get("if-none-match")):
        return Stream(_nothing(), status_code=304, headers=headers, media_type=found.media_type)
    piece = found.part(request.headers.get("range"), request.headers.get("if-range"))
    pieces = await reads.read(found.key, start=piece.start, length=piece.length)
    headers["content-length"] = str(piece.length)
    if not piece.is_all:
        last = piece.start + piece.length - 1
        headers["content-range"] = f"bytes {piece.start}-{last}/{found.size}"
    return Stream(
        pieces,
        status_code=200 if piece.is_all else 206,
        headers=headers,
        media_type=found.media_type,
    )


async def _nothing() -> AsyncIterator[bytes]:
    for piece in _NO_PIECES:
        yield piece
