"""Rows whose columns have names, out of a statement and into one."""

from __future__ import annotations

from typing import Any

import msgspec


class NamedRow(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A row with a field for each column.

    `select(*columns_of(MyRow, id=User.id, …))` gives rows of which `MyRow(*row)` is right, in
    whatever order the columns are named. It costs what unpacking a row costs, where SQLAlchemy's
    own `row.id` costs three times as much. Into a statement they go through `Rows`.
    """

    # gc=False: its fields are plain values, which never lead back to it.


def columns_of(row: type[msgspec.Struct], **columns: Any) -> tuple[Any, ...]:
    """Return the columns in the order of the fields that have their names.

    A name too many or too few is found when the statement is made: as Kabar starts.
    """
    fields = row.__struct_fields__
    if columns.keys() != set(fields):
        wrong = sorted(columns.keys() ^ set(fields))
        raise TypeError(f"{row.__name__} and its columns differ: {', '.join(wrong)}")
    return tuple(columns[field] for field in fields)
