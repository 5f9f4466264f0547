"""What goes straight to the driver comes back as through SQLAlchemy, also when it fails."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import bindparam, func, insert, select
from sqlalchemy.exc import IntegrityError

from kabar.core.errors import Unavailable
from kabar.features.chat.models import ChatRoom
from kabar.infra.db import Database, Transaction
from kabar.infra.db.base import UtcTime
from kabar.infra.db.outbox import OutboxRow
from kabar.infra.db.prepared import Prepared
from kabar.infra.db.rows import Rows, as_rows

NOW = datetime(2026, 1, 2, 3, 4, 5, 678_000, tzinfo=UTC)
_INSERT = insert(ChatRoom).values(
    id=bindparam("id"),
    type="GROUP",
    participants_count=0,
    last_seq=bindparam("last_seq"),
    is_active=True,
    created_at=bindparam("at", type_=UtcTime()),
    updated_at=NOW,
)
_IDS = Rows("ids")
_SELECT = (
    select(ChatRoom.id, ChatRoom.last_seq, ChatRoom.is_active, ChatRoom.created_at, ChatRoom.name)
    .join(_IDS.table, ChatRoom.id == _IDS.text(0))
    .order_by(ChatRoom.id)
)
ALL = {"ids": as_rows([("a",), ("b",), ("none",)])}


async def test_it_writes_and_reads_what_a_statement_does(db: Database) -> None:
    def write(tx: Transaction) -> None:
        prepared = Prepared(_INSERT)
        for room_id in ("a", "b"):
            prepared.run(tx, {"id": room_id, "last_seq": 7, "at": NOW})

    def read(tx: Transaction) -> tuple[list[Any], list[Any]]:
        usual = [tuple(row) for row in tx.execute(_SELECT, ALL)]
        return usual, [tuple(row) for row in Prepared(_SELECT).rows(tx, ALL)]

    await db.write(write)
    usual, prepared = await db.read(read)

    assert prepared == usual == [(each, 7, True, NOW, None) for each in ("a", "b")]


async def test_one_statement_serves_both_databases_and_every_call(db: Database) -> None:
    def ask(tx: Transaction, room_id: str) -> list[Any]:
        return [tuple(row) for row in _FROM.rows(tx, {"wanted": room_id})]

    assert await db.read(ask, "a") == [("a",)]
    assert await db.read(ask, "b") == [("b",)]


_FROM = Prepared(select(bindparam("wanted", type_=ChatRoom.id.type)))


async def test_a_failure_is_the_one_that_sqlalchemy_would_raise(db: Database) -> None:
    def twice(tx: Transaction) -> None:
        prepared = Prepared(_INSERT)
        for _ in range(2):
            prepared.run(tx, {"id": "a", "last_seq": 1, "at": NOW})

    with pytest.raises(IntegrityError):
        await db.write(twice)


async def test_a_connection_that_is_gone_is_not_used_again(db: Database) -> None:
    if db.is_sqlite:
        pytest.skip("SQLite has no connection to lose")
    ended = Prepared(select(func.pg_terminate_backend(func.pg_backend_pid())))

    with pytest.raises(Unavailable):
        await db.write(lambda tx: ended.rows(tx, {}))

    for _ in range(8):  # more than there are connections
        assert await db.write(lambda tx: tx.execute(select(OutboxRow.id)).all()) == []


async def test_what_is_written_anew_at_every_call_is_refused(db: Database) -> None:
    among = Prepared(select(ChatRoom.id).where(ChatRoom.id.in_(bindparam("ids", expanding=True))))

    with pytest.raises(TypeError, match="cannot be prepared"):
        await db.read(lambda tx: among.rows(tx, {"ids": ["a"]}))
