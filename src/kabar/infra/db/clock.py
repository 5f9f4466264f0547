"""The clock: which of two snapshots is the newer one, and what was committed after a snapshot."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Text, select, text, update
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from kabar.infra.db.base import Base
from kabar.infra.db.prepared import Prepared
from kabar.infra.db.transaction import Transaction


class Clock(Base):
    """One row: how many transactions have told something (SQLite; PostgreSQL knows it)."""

    __tablename__ = "KabarClock"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    commits: Mapped[int] = mapped_column(BigInteger)
    #: PostgreSQL: added to its transaction numbers, which begin anew where a dump is restored
    shift: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    #: PostgreSQL: whose transaction numbers they are
    cluster: Mapped[str | None] = mapped_column(Text)


_TICK = Prepared(update(Clock).values(commits=Clock.commits + 1))
_TIME = select(Clock.commits)
# How many transactions have ended: those before the newest one that has, less those under way.
_POSTGRESQL_TIME = text(
    "SELECT txid_snapshot_xmax(seen) - (SELECT count(*) FROM txid_snapshot_xip(seen))"
    " FROM txid_current_snapshot() AS seen"
)


def tick(tx: Transaction) -> None:
    """Count a transaction that tells something."""
    if not tx.is_postgresql:
        _TICK.run(tx, {})


def version(tx: Transaction) -> int:
    """Return a number that is larger in every snapshot that sees more.

    Ask in a transaction that reads: what one that writes sees of itself, nobody sees yet.
    """
    seen: int = tx.execute(_POSTGRESQL_TIME if tx.is_postgresql else _TIME).scalar_one()
    return seen


class _Stamp(FunctionElement[int]):
    """The number of the transaction that writes it, for rows that are looked for by `Moment`."""

    name = "stamp"
    inherit_cache = True
    type = BigInteger()


@compiles(_Stamp, "sqlite")
def _in_sqlite(_element: _Stamp, _compiler: SQLCompiler, **_kw: Any) -> str:
    return '(SELECT "commits" + 1 FROM "KabarClock")'


@compiles(_Stamp, "postgresql")
def _in_postgresql(_element: _Stamp, _compiler: SQLCompiler, **_kw: Any) -> str:
    return '(txid_current() + (SELECT "shift" FROM "KabarClock"))'


STAMP: Any = _Stamp()


class Moment(NamedTuple):
    """What a snapshot sees, by stamps. PostgreSQL gives numbers at the first write and not at the
    commit: a lower one may appear later than a higher one, and the snapshot knows which may."""

    #: all below it are seen
    low: int
    #: none from here on is seen
    high: int
    #: those between that are not seen yet
    under_way: tuple[int, ...] = ()
    #: moments of another epoch say nothing: the numbers have begun anew
    epoch: int = 0

    def sees(self, stamp: int) -> bool:
        return stamp < self.low or (stamp < self.high and stamp not in self.under_way)

    def before(self, stamp: int) -> Moment:
        """Return the same moment for whom nothing from a stamp on has happened."""
        high = min(self.high, stamp)
        under_way = tuple(number for number in self.under_way if number < high)
        return self._replace(low=min(self.low, high), high=high, under_way=under_way)


_SHIFT = select(Clock.shift)
_SNAPSHOT = text("SELECT CAST(txid_current_snapshot() AS text)")


def moment(tx: Transaction) -> Moment:
    """Return what this transaction sees. Ask in one that reads."""
    if not tx.is_postgresql:
        next_commit = 1 + tx.execute(_TIME).scalar_one()
        return Moment(next_commit, next_commit)
    shift = tx.execute(_SHIFT).scalar_one()
    low, high, under_way = tx.execute(_SNAPSHOT).scalar_one().split(":")
    numbers = (int(number) + shift for number in under_way.split(",") if number)
    return Moment(int(low) + shift, int(high) + shift, tuple(numbers), epoch=shift)


#: more transactions than one cluster has in its life
_CLUSTERS_APART = 1 << 44
_CLUSTER = text("SELECT CAST(system_identifier AS text) FROM pg_control_system()")


def settle(tx: Transaction) -> None:
    """Let no stamp be given twice where a dump was restored into another PostgreSQL."""
    if not tx.is_postgresql:
        return
    cluster = tx.execute(_CLUSTER).scalar_one()
    known = tx.execute(select(Clock.cluster).with_for_update()).scalar_one()
    if known == cluster:
        return
    if known is not None:
        tx.execute(update(Clock).values(shift=Clock.shift + _CLUSTERS_APART))
    tx.execute(update(Clock).values(cluster=cluster))
