"""Cursors: where the next page of a list begins, as a text that only the list itself can read."""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Annotated, Any, Self, TypeVar, Union, overload

import msgspec
from litestar.params import QueryParameter
from sqlalchemy import ColumnElement, literal, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from kabar.core.errors import BadRequest
from kabar.core.events import encode_json

C = TypeVar("C", bound=msgspec.Struct)
D = TypeVar("D", bound=msgspec.Struct)
_MAX_CHARACTERS = 1024
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

#: the `limit` and `cursor` of every list
Limit = Annotated[int, QueryParameter(ge=1, le=100, description="At most so many.")]
CursorText = Annotated[
    str | None, QueryParameter(description="`nextCursor` of the page before; absent: the start.")
]


class BadCursor(BadRequest):
    """This cursor is not one that this list gave out."""


class Cursor(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """The sort key of the last row that was shown. Each list has its own, with its own `tag`."""


class TimeCursor(Cursor, frozen=True, array_like=True, forbid_unknown_fields=True):
    """A place in a list by time and, among equal times, by id."""

    milliseconds: Annotated[int, msgspec.Meta(ge=0, le=253_402_300_799_000)]
    id: Annotated[str, msgspec.Meta(pattern=r"^[^\x00]{1,255}$")]

    @classmethod
    def at(cls, time: datetime, row_id: str) -> Self:
        return cls(milliseconds(time), row_id)

    @property
    def time(self) -> datetime:
        return time_of(self.milliseconds)


def milliseconds(time: datetime) -> int:
    """Return a time as cursors have it."""
    return (time - _EPOCH) // timedelta(milliseconds=1)


def time_of(milliseconds: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=milliseconds)


def older_than(
    time: InstrumentedAttribute[datetime], row_id: InstrumentedAttribute[str], place: TimeCursor
) -> ColumnElement[bool]:
    """Return the condition of the rows that come after this place, newest first."""
    return tuple_(time, row_id) < tuple_(literal(place.time, time.type), literal(place.id))


def write_cursor(cursor: Cursor) -> str:
    """Return the cursor as clients get it."""
    return base64.urlsafe_b64encode(encode_json(cursor)).rstrip(b"=").decode()


@overload
def read_cursor(text: str | None, kind: type[C]) -> C | None: ...


@overload
def read_cursor(text: str | None, kind: type[C], other: type[D]) -> C | D | None: ...


def read_cursor(text: str | None, kind: type[Any], other: type[Any] | None = None) -> Any:
    """Return what `write_cursor` wrote; None stays None. Raises `BadCursor`.

    A list that is walked along in two ways has a cursor for each.
    """
    if text is None:
        return None
    kinds: Any = kind if other is None else Union[kind, other]  # noqa: UP007  (of values)
    try:
        if len(text) > _MAX_CHARACTERS:
            raise BadCursor
        written = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        return _decoder(kinds).decode(written)
    except (ValueError, binascii.Error, msgspec.DecodeError, RecursionError):
        raise BadCursor from None


@cache
def _decoder(kind: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(kind)
