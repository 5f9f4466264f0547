"""Which tables are in an archive, and how their values are written in JSON?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Integer, Table, Text

import kabar.features.apps.models
import kabar.wiring  # noqa: F401  (every table is declared by then)
from kabar.core.times import rfc3339
from kabar.infra.db.base import Base, UtcTime

#: what belongs to one installation, or is on its way there
LEFT_OUT = frozenset(
    {
        *("KabarApp", "KabarAppKey", "KabarAppsRevision", "KabarWebhookDelivery"),
        *("KabarOutbox", "KabarClock", "KabarIdempotency"),
        # Its file is in this installation's storage, and soon gone.
        "KabarExport",
        # What pages of others say is looked up anew, if anybody links to them again.
        *("KabarPreviewJob", "KabarLinkPage"),
        # What sync tells begins anew, too: who has been away from there was never here.
        "KabarChange",
        # The index of search begins anew: what is imported has a stamp, as everything new has.
        *("KabarSearchPosition", "KabarSearchBacklog"),
    }
)
#: what follows from the rest, and is made anew by `derived.py`
DERIVED_TABLES = frozenset({"KabarNamePart", "KabarSearchEntry"})
DERIVED_COLUMNS = frozenset({("User", "searchText"), ("Message", "stamp")})

#: as foreign keys need them
TABLES: Mapping[str, Table] = {
    str(table.name): table
    for table in Base.metadata.sorted_tables
    if table.name not in LEFT_OUT | DERIVED_TABLES
}


def columns_of(table: Table) -> list[Column[Any]]:
    """Return the columns that are in an archive."""
    return [each for each in table.columns if (table.name, each.name) not in DERIVED_COLUMNS]


def written(value: Any) -> Any:
    """Return a value of the database as JSON has it."""
    return rfc3339(value) if isinstance(value, datetime) else value


def read(column: Column[Any], value: Any) -> Any:
    """Return a value of JSON as the database takes it; raise `ValueError` if it does not."""
    if value is None:
        if not column.nullable:
            raise ValueError("may not be null")
        return None
    match column.type:
        case UtcTime():
            return _time(value)
        case Boolean():
            fits = isinstance(value, bool)
        case BigInteger() | Integer():
            fits = isinstance(value, int) and not isinstance(value, bool)
            fits = fits and -_LARGEST <= value <= _LARGEST
        case Text():
            fits = isinstance(value, str) and "\0" not in value
        case _:
            raise TypeError(f"{column.table.name}.{column.name} cannot be in an archive")
    if not fits:
        raise ValueError(f"must be {_IN_WORDS[type(column.type)]}")
    return value


#: that both databases take; a smaller column of PostgreSQL says so itself
_LARGEST = (1 << 63) - 1
_IN_WORDS = {
    Boolean: "true or false",
    BigInteger: "a whole number",
    Integer: "a whole number",
    Text: "a text without NUL",
}


def _time(value: Any) -> datetime:
    try:
        time = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        time = None
    if time is None or time.tzinfo is None:
        raise ValueError("must be a time like 2026-11-29T08:15:30.123Z")
    return time
