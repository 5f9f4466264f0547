"""Rows: passing many rows in one parameter, so that one statement serves a batch of any size."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Dialect,
    Integer,
    Text,
    bindparam,
    cast,
    column,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.selectable import TableValuedAlias
from sqlalchemy.types import TypeDecorator, TypeEngine

from kabar.core.events import encode_json
from kabar.infra.db.named_rows import NamedRow


class _JsonElements(FunctionElement[Any]):
    """The elements of an array as rows: `json_each`, or `unnest`, whose size the planner sees."""

    name = "json_elements"
    inherit_cache = True


@compiles(_JsonElements, "sqlite")
def _in_sqlite(element: _JsonElements, compiler: SQLCompiler, **kw: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **kw)})"


@compiles(_JsonElements, "postgresql")
def _in_postgresql(element: _JsonElements, compiler: SQLCompiler, **kw: Any) -> str:
    array = f"CAST({compiler.process(element.clauses, **kw)} AS jsonb[])"
    # As a subquery, because `unnest` does not call its column `value`, as `json_each` does.
    return f"(SELECT unnest({array}) AS value)"


class RowsType(TypeDecorator[list[str]]):
    """Rows, each as JSON: one JSON text on SQLite, an array on PostgreSQL.

    `jsonb_array_elements` would hide from PostgreSQL how many there are; it plans for 100 then,
    and reads whole tables for two.
    """

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return ARRAY(Text()) if dialect.name == "postgresql" else Text()

    def process_bind_param(self, value: list[str] | None, dialect: Dialect) -> Any:
        if value is None or dialect.name == "postgresql":
            return value
        return f"[{','.join(value)}]"


class Rows:
    """A table given as a parameter: `pairs = Rows("pairs")`, used as `pairs.table` in FROM.

    `pairs.text(0)` and `pairs.integer(1)` are its columns by position; the parameter's value is
    `as_rows([("room", 7), …])`. Where there are many, `Rows("news", of=NewsRow)` has them by name:
    `news.text("room_id")`, with `as_rows([NewsRow(…), …])`.
    """

    def __init__(self, parameter: str, of: type[NamedRow] | None = None) -> None:
        self._fields = () if of is None else of.__struct_fields__
        elements = _JsonElements(bindparam(parameter, type_=RowsType()))
        self.table: TableValuedAlias = elements.table_valued(
            column("value", Text()), name=parameter
        )

    def text(self, column: int | str) -> ColumnElement[str]:
        position = self._fields.index(column) if isinstance(column, str) else column
        return self.table.c.value.op("->>", return_type=Text())(_position(position))

    def integer(self, column: int | str) -> ColumnElement[int]:
        return cast(self.text(column), Integer())


def as_rows(rows: Iterable[Sequence[str | int | None] | NamedRow]) -> list[str]:
    """Return rows as the value of a `Rows` parameter."""
    return [encode_json(row).decode() for row in rows]


def _position(position: int) -> ColumnElement[int]:
    from sqlalchemy import literal_column

    return literal_column(str(position), Integer())
