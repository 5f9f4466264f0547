"""Plans: what is said to a database, and whether it walks through whole tables for it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from sqlalchemy import event, text

from kabar.infra.db import Database, Transaction


class Said(NamedTuple):
    """A statement that a request made."""

    statement: str
    parameters: Any
    rows: int


@contextmanager
def heard(db: Database) -> Iterator[list[Said]]:
    """Collect what is said to the database."""
    said: list[Said] = []

    def note(_connection: Any, cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        said.append(Said(statement, parameters, cursor.rowcount))

    engines = (db._writer, db._reader)
    for engine in engines:
        event.listen(engine, "after_cursor_execute", note)
    yield said
    for engine in engines:
        event.remove(engine, "after_cursor_execute", note)


def would_walk_through(
    tx: Transaction, said: Sequence[Said], tables: Collection[str]
) -> dict[str, str]:
    """The same of tables so small that PostgreSQL rather reads all: what it does of larger ones."""
    if tx.is_postgresql:
        tx.execute(text("SET LOCAL enable_seqscan = off"))
    return walks_through(tx, said, tables)


def walks_through(tx: Transaction, said: Sequence[Said], tables: Collection[str]) -> dict[str, str]:
    """Return the statements that walk through one of these tables, each with its plan."""
    return {
        statement: plan
        for statement, plan in plans_of(tx, said).items()
        for table in tables
        if re.search(
            rf'^\s*SCAN "?{table}\w*"?(?! USING COVERING)|Seq Scan on "{table}"', plan, re.MULTILINE
        )
    }


def plans_of(tx: Transaction, said: Sequence[Said]) -> dict[str, str]:
    """Return the plan of each statement, once."""
    explain = "EXPLAIN " if tx.is_postgresql else "EXPLAIN QUERY PLAN "
    found: dict[str, str] = {}
    cursor: Any = tx.connection.connection.cursor()
    for statement, parameters, _ in said:
        if statement in found or not re.match("SELECT|INSERT|UPDATE|DELETE|WITH", statement):
            continue
        one = parameters[0] if isinstance(parameters, list) else parameters
        cursor.execute(explain + statement, one)
        found[statement] = "\n".join(str(row[-1]) for row in cursor.fetchall())
    return found
