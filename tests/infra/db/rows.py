"""A table to try the database floor on: the answers that are kept for idempotency keys."""

from __future__ import annotations

from sqlalchemy import insert, select

from kabar.core.events import Event
from kabar.infra.db import Database, Transaction
from kabar.infra.http.idempotency import AnsweredRequest


class Noted(Event, frozen=True, kw_only=True):
    """A row was written."""

    key: str


def note(tx: Transaction, key: str) -> str:
    """Write a row and tell of it; the same key twice breaks the primary key."""
    tx.execute(
        insert(AnsweredRequest).values(
            owner="o", operation="p", key=key, fingerprint="", answer="", created_at=tx.now
        )
    )
    tx.emit(Noted(key=key))
    return key


def _keys(tx: Transaction) -> list[str]:
    return list(tx.execute(select(AnsweredRequest.key).order_by(AnsweredRequest.key)).scalars())


async def noted(db: Database) -> list[str]:
    """Return the keys of all rows."""
    return await db.read(_keys)


def told_keys(told: list[Event]) -> list[str]:
    """Return what was told, in order."""
    return [event.key for event in told if isinstance(event, Noted)]
