"""Base: the base class of all tables, and the column type of times."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, Index, MetaData, Text, text
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator, TypeEngine

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


#: A text in the order of its code points, as SQLite has every text: all that begins alike stands
#: together. PostgreSQL's other orders, one a language, look at the whole of it.
OrderedText = Text().with_variant(Text(collation="C"), "postgresql")


class Base(DeclarativeBase):
    """Base of all tables. Constraints are named as Prisma names them."""

    metadata = MetaData(
        naming_convention={
            "pk": "%(table_name)s_pkey",
            "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
            "uq": "%(table_name)s_%(column_0_N_name)s_key",
            "ix": "%(table_name)s_%(column_0_N_name)s_idx",
            "ck": "%(table_name)s_%(constraint_name)s_check",
        }
    )


class UtcTime(TypeDecorator[datetime]):
    """A time in UTC, to the millisecond, as Prisma stores it.

    PostgreSQL: TIMESTAMP(3) without time zone, holding UTC. SQLite: milliseconds since 1970 in an
    INTEGER, the one form that sorts, compares and is read by every Prisma version.
    """

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return TIMESTAMP(precision=3) if dialect.name == "postgresql" else BigInteger()

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if dialect.name == "postgresql":
            return value.astimezone(UTC).replace(tzinfo=None)
        return (value - _EPOCH) // timedelta(milliseconds=1)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if dialect.name == "postgresql":
            stored: datetime = value
            return stored.replace(tzinfo=UTC)
        return _EPOCH + timedelta(milliseconds=int(value))


def some_of(where: str, name: str, *columns: str, in_sqlite: str = "") -> Index:
    """An index of a few rows; whatever is not among them costs it nothing."""
    sqlite, postgresql = text(in_sqlite or where), text(where)
    return Index(name, *columns, sqlite_where=sqlite, postgresql_where=postgresql)
