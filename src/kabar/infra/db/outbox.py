"""The outbox: a table of committed events that some consumer has still to hear of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Index, Text, delete, func, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from kabar.core.events import Event
from kabar.core.ids import new_id
from kabar.infra.db.base import Base, UtcTime
from kabar.infra.db.prepared import Prepared
from kabar.infra.db.rows import Rows, as_rows
from kabar.infra.db.transaction import Transaction

#: returns the consumers of a kind of event: "realtime", or names of handlers
Consumers = Callable[[type[Event]], Sequence[str]]


class OutboxRow(Base):
    """The events of one transaction for one consumer; deleted when it has had them."""

    __tablename__ = "KabarOutbox"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    consumer: Mapped[str] = mapped_column(Text)
    events: Mapped[str] = mapped_column(Text)
    attempts: Mapped[int] = mapped_column(default=0)
    #: until then it belongs to the process that wrote it; None: given up, for a person to look at
    available_at: Mapped[datetime | None] = mapped_column(
        "availableAt", UtcTime, key="available_at"
    )
    created_at: Mapped[datetime] = mapped_column("createdAt", UtcTime, key="created_at")

    __table_args__ = (Index(None, "available_at"),)


class Committed(NamedTuple):
    """A row of the outbox with its events decoded."""

    row_id: str
    consumer: str
    events: tuple[Event, ...]
    attempts: int = 0


class LeftOver(NamedTuple):
    """A row of the outbox whose process has died; `events` is still JSON."""

    row_id: str
    consumer: str
    events: str
    attempts: int


_INSERT = Prepared(insert(OutboxRow))
_IDS = Rows("ids")
_DELETE = Prepared(
    delete(OutboxRow)
    .where(OutboxRow.id.in_(select(_IDS.text(0)).select_from(_IDS.table)))
    .returning(OutboxRow.id)
)


def store(tx: Transaction, consumers: Consumers, lease: timedelta) -> list[Committed]:
    """Write the transaction's events to the outbox, in the same transaction: a row per consumer."""
    by_consumer: dict[str, list[tuple[Event, bytes]]] = defaultdict(list)
    for event, json in tx.events:
        for consumer in consumers(type(event)):
            by_consumer[consumer].append((event, json))
    tried: dict[str, int] = {}
    for consumer, attempts, event, json in tx.retold:
        by_consumer[consumer].append((event, json))
        tried[consumer] = max(attempts, tried.get(consumer, 0))
    if not by_consumer:
        return []
    committed = [
        Committed(new_id(), consumer, tuple([event for event, _ in told]), tried.get(consumer, 0))
        for consumer, told in by_consumer.items()
    ]
    for row in committed:
        stored = {
            "id": row.row_id,
            "consumer": row.consumer,
            "events": _as_list(json for _, json in by_consumer[row.consumer]),
            "attempts": row.attempts,
            "available_at": tx.now + lease,
            "created_at": tx.now,
        }
        _INSERT.run(tx, stored)
    return committed


def _as_list(elements: Iterable[bytes]) -> str:
    return (b"[" + b",".join(elements) + b"]").decode()


def take(tx: Transaction, row_ids: Iterable[str]) -> set[str]:
    """Delete rows, and return the ids of those that were still there: only these may be handled.

    So what the caller does in the same transaction is done exactly once, whoever else tries.
    """
    taken = _DELETE.rows(tx, {"ids": as_rows((row_id,) for row_id in row_ids)})
    return {row_id for (row_id,) in taken}


def postpone(tx: Transaction, row_id: str, *, attempts: int, until: datetime | None) -> None:
    """Remember a failed attempt; `until` None gives up and keeps the row."""
    tx.execute(
        update(OutboxRow)
        .where(OutboxRow.id == row_id)
        .values(attempts=attempts, available_at=until)
    )


def claim_left_over(
    tx: Transaction,
    *,
    older_than: datetime,
    lease: timedelta,
    limit: int = 500,
) -> list[LeftOver]:
    """Take over rows that dead processes have left, oldest first."""
    rows = tx.execute(
        select(OutboxRow.id, OutboxRow.consumer, OutboxRow.events, OutboxRow.attempts)
        .where(OutboxRow.available_at <= older_than)
        .order_by(OutboxRow.created_at, OutboxRow.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    if rows:
        tx.execute(
            update(OutboxRow)
            .where(OutboxRow.id.in_([row[0] for row in rows]))
            .values(available_at=tx.now + lease)
        )
    return [LeftOver(*row) for row in rows]


class GivenUp(NamedTuple):
    """A row that nobody tries any more: for a person to look at."""

    row_id: str
    consumer: str
    attempts: int
    created_at: datetime
    events: str


_GIVEN_UP = OutboxRow.available_at.is_(None)


def count_given_up(tx: Transaction) -> int:
    count: int = tx.execute(select(func.count()).where(_GIVEN_UP)).scalar_one()
    return count


def given_up(tx: Transaction, *, limit: int) -> list[GivenUp]:
    """Return what was given up, oldest first."""
    rows = tx.execute(
        select(
            OutboxRow.id,
            OutboxRow.consumer,
            OutboxRow.attempts,
            OutboxRow.created_at,
            OutboxRow.events,
        )
        .where(_GIVEN_UP)
        .order_by(OutboxRow.created_at, OutboxRow.id)
        .limit(limit)
    )
    return [GivenUp(*row) for row in rows]


def try_given_up(tx: Transaction) -> int:
    """Let what was given up be tried again from the start; return how many rows there were."""
    again = update(OutboxRow).where(_GIVEN_UP).values(attempts=0, available_at=tx.now)
    return tx.execute(again).rowcount


def forget_given_up(tx: Transaction) -> int:
    """Drop what was given up; return how many rows there were."""
    return tx.execute(delete(OutboxRow).where(_GIVEN_UP)).rowcount
