"""Times come out of both databases as they went in, to the millisecond."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import select, update

from kabar.infra.db import Database, Transaction
from kabar.infra.db.base import Base
from kabar.infra.http.idempotency import AnsweredRequest
from tests.infra.db.rows import note


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (
            datetime(2026, 11, 22, 8, 15, 30, 123000, tzinfo=UTC),
            datetime(2026, 11, 22, 8, 15, 30, 123000, tzinfo=UTC),
        ),
        (
            datetime(2026, 11, 22, 10, 15, 30, tzinfo=timezone(timedelta(hours=2))),
            datetime(2026, 11, 22, 8, 15, 30, tzinfo=UTC),
        ),
        (
            datetime(1969, 7, 20, 20, 17, 40, 1000, tzinfo=UTC),
            datetime(1969, 7, 20, 20, 17, 40, 1000, tzinfo=UTC),
        ),
        (
            datetime(9999, 12, 31, 23, 59, 59, 999000, tzinfo=UTC),
            datetime(9999, 12, 31, 23, 59, 59, 999000, tzinfo=UTC),
        ),
    ],
)
async def test_a_time_comes_back_in_utc(db: Database, given: datetime, found: datetime) -> None:
    def keep(tx: Transaction) -> datetime:
        note(tx, "a")
        tx.execute(update(AnsweredRequest).values(created_at=given))
        kept: datetime = tx.execute(select(AnsweredRequest.created_at)).scalar_one()
        return kept

    kept = await db.write(keep)

    assert kept == found
    assert kept.tzinfo is UTC


async def test_the_time_of_a_transaction_is_kept_exactly(db: Database) -> None:
    def keep(tx: Transaction) -> tuple[datetime, datetime]:
        note(tx, "a")
        return tx.now, tx.execute(select(AnsweredRequest.created_at)).scalar_one()

    now, kept = await db.write(keep)

    assert kept == now


async def test_times_are_compared_and_sorted_as_times(db: Database) -> None:
    moments = [datetime(1960, 1, 1, tzinfo=UTC) + timedelta(days=9999 * n) for n in range(5)]

    def keep(tx: Transaction) -> list[datetime]:
        for number, moment in enumerate(moments):
            note(tx, str(number))
            tx.execute(
                update(AnsweredRequest)
                .where(AnsweredRequest.key == str(number))
                .values(created_at=moment)
            )
        later = AnsweredRequest.created_at > moments[1]
        newest_first = AnsweredRequest.created_at.desc()
        return list(
            tx.execute(
                select(AnsweredRequest.created_at).where(later).order_by(newest_first)
            ).scalars()
        )

    assert await db.write(keep) == moments[:1:-1]


def test_constraints_are_named_as_prisma_names_them() -> None:
    participant = Base.metadata.tables["ChatParticipant"]

    names = {str(constraint.name) for constraint in participant.constraints}
    assert names == {
        "ChatParticipant_pkey",
        "ChatParticipant_roomId_fkey",
        "ChatParticipant_userId_fkey",
        "ChatParticipant_roomId_userId_key",
    }
