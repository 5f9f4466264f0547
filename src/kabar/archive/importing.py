"""Importing: rows into the database, in steps that can be repeated."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from sqlalchemy import Engine, Table, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError

from kabar.archive.derived import complete, follow_up
from kabar.archive.errors import BadArchive
from kabar.archive.tables import DERIVED_COLUMNS, TABLES, read
from kabar.core.times import utc_now
from kabar.features.accounts.key_schemas import is_reserved, is_user_id
from kabar.infra.db import Transaction

#: rows in one transaction
_AT_ONCE = 1000
#: ids in one statement
_IN_ONE_STATEMENT = 200


class Row(NamedTuple):
    """A row of an archive: where it stands there, and what is in it, by the names of columns."""

    where: str
    kind: str
    fields: dict[str, Any]


class Imported(NamedTuple):
    """How much there was, by kind."""

    new: Counter[str]
    #: which were there already, and stay as they are
    known: Counter[str]


class Importer:
    """Writes rows. Those of a key that is there already are left out, so that an import that was
    broken off, or is repeated, goes on where it was."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._waiting: dict[str, list[tuple[str, dict[str, Any]]]] = defaultdict(list)
        self._count = 0
        self.done = Imported(Counter(), Counter())

    def add(self, rows: Iterable[Row]) -> None:
        for row in rows:
            self._waiting[row.kind].append((row.where, _checked(row)))
            self._count += 1
            if self._count >= _AT_ONCE:
                self.flush()

    def flush(self) -> None:
        """Write what waits, those first that others refer to."""
        for kind, table in TABLES.items():
            waiting = self._waiting.pop(kind, None)
            if waiting:
                self._write(table, waiting)
        self._count = 0

    def then(self, unit: Callable[[Transaction], None]) -> None:
        """Write what waits, and then this."""
        self.flush()
        self._run(unit)

    def _write(self, table: Table, waiting: list[tuple[str, dict[str, Any]]]) -> None:
        try:
            self._run(lambda tx: self._insert(tx, table, [row for _, row in waiting]))
        except DBAPIError as failure:
            if len(waiting) == 1:
                reason = " ".join(str(failure.orig).split())
                what = f"this {table.name} does not fit: {reason}"
                raise BadArchive.at(waiting[0][0], what) from failure
            # Which one was it? Those before it are written.
            middle = len(waiting) // 2
            self._write(table, waiting[:middle])
            self._write(table, waiting[middle:])

    def _run(self, unit: Callable[[Transaction], None]) -> None:
        with self._engine.begin() as connection:
            unit(Transaction(connection, utc_now()))

    def _insert(self, tx: Transaction, table: Table, rows: list[dict[str, Any]]) -> None:
        known = _known(tx, table, rows)
        new = [row for row in rows if _key(table, row) not in known]
        insert = postgresql.insert if tx.is_postgresql else sqlite.insert
        by_columns: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
        for row in new:
            by_columns[tuple(row)].append(row)
        keys = {column.name: column.key for column in table.columns}
        for several in by_columns.values():
            given = [{keys[name]: value for name, value in row.items()} for row in several]
            tx.execute(insert(table), given)
        follow_up(tx, table.name, new)
        self.done.new[table.name] += len(new)
        self.done.known[table.name] += len(rows) - len(new)


def _key(table: Table, row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row[column.name] for column in table.primary_key)


def _known(tx: Transaction, table: Table, rows: list[dict[str, Any]]) -> set[tuple[Any, ...]]:
    """Return the keys of those that are there already."""
    columns = list(table.primary_key)
    keys = [_key(table, row) for row in rows]
    known: set[tuple[Any, ...]] = set()
    for start in range(0, len(keys), _IN_ONE_STATEMENT):
        some = keys[start : start + _IN_ONE_STATEMENT]
        here = select(*columns).where(tuple_(*columns).in_(some))
        known.update(tuple(row) for row in tx.execute(here))
    return known


def _checked(row: Row) -> dict[str, Any]:
    """Return the row as the database takes it."""
    table = TABLES[row.kind]
    columns = {column.name: column for column in table.columns}
    found: dict[str, Any] = {}
    for name, value in row.fields.items():
        if name not in columns or (row.kind, name) in DERIVED_COLUMNS:
            raise BadArchive.at(row.where, f"a {row.kind} has no {name[:100]!r}")
        try:
            found[name] = read(columns[name], value)
        except ValueError as wrong:
            raise BadArchive.at(row.where, f"{name} of a {row.kind} {wrong}") from None
    for name, column in columns.items():
        is_needed = not column.nullable and column.server_default is None
        if is_needed and name not in found and (row.kind, name) not in DERIVED_COLUMNS:
            raise BadArchive.at(row.where, f"a {row.kind} needs {name!r}")
    if row.kind == "User" and not is_user_id(found["id"]):
        raise BadArchive.at(row.where, "id of a User must be 1 to 64 letters, digits or _ - . =")
    if row.kind == "User" and is_reserved(found["id"]):
        raise BadArchive.at(row.where, f"id of a User is reserved: {found['id']!r}")
    return complete(row.kind, found)
