"""The clock: which of two snapshots is the newer one, whoever took them."""

from __future__ import annotations

from sqlalchemy import BigInteger, select, text, update
from sqlalchemy.orm import Mapped, mapped_column

from kabar.infra.db.base import Base
from kabar.infra.db.transaction import Transaction


class Clock(Base):
    """One row: how many transactions have told something. SQLite only; PostgreSQL knows it."""

    __tablename__ = "KabarClock"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    commits: Mapped[int] = mapped_column(BigInteger)


_TICK = update(Clock).values(commits=Clock.commits + 1)
_TIME = select(Clock.commits)
# How many transactions have ended: those before the newest one that has, less those under way.
_POSTGRESQL_TIME = text(
    "SELECT txid_snapshot_xmax(seen) - (SELECT count(*) FROM txid_snapshot_xip(seen))"
    " FROM txid_current_snapshot() AS seen"
)


def tick(tx: Transaction) -> None:
    """Count a transaction that tells something."""
    if not tx.is_postgresql:
        tx.execute(_TICK)


def version(tx: Transaction) -> int:
    """Return a number that is larger in every snapshot that sees more.

    Ask in a transaction that reads: what one that writes sees of itself, nobody sees yet.
    """
    seen: int = tx.execute(_POSTGRESQL_TIME if tx.is_postgresql else _TIME).scalar_one()
    return seen
