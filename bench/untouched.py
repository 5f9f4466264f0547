"""What does a request cost that touches little, however much there is that it does not touch?"""

# `python -m bench.untouched [HOW_MANY …]`: one after the other, in this process.

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import text

from kabar.features.chat.audience import Audience
from kabar.features.chat.conversations import conversations, room_of
from kabar.features.chat.schemas import MessageDraft
from kabar.features.chat.sending import Send, send_messages
from kabar.features.follows.follows import follow, unfollow
from kabar.features.follows.people_search import find_people
from kabar.features.notifications.queries import bell_of
from kabar.infra.db import Database, Transaction
from kabar.infra.db.engine import database_url
from kabar.migrations.migrate import migrate
from tests.crowded import Crowded, crowded
from tests.servers import run_postgresql

#: direct rooms, each with a user, three messages, an entry in the bell and a block
SIZES = (1_000, 100_000)
TRIES = 40
DELETED = 20_000
GROUP = 100

Act = Callable[[], Awaitable[Any]]


@dataclass(frozen=True)
class Cost:
    """Milliseconds that something takes at the median, by how much there is."""

    database: str
    what: str
    by_size: tuple[float, ...]


def measure(sizes: Sequence[int] = SIZES) -> list[Cost]:
    """Measure on both databases."""
    with tempfile.TemporaryDirectory() as folder:
        found = [_of_sizes("SQLite", [_sqlite(folder, size) for size in sizes], sizes)]
    with run_postgresql() as server:
        urls = [server.url(server.create_database()) for _ in sizes]
        found.append(_of_sizes("PostgreSQL", urls, sizes))
    return [cost for costs in found for cost in costs]


def _sqlite(folder: str, size: int) -> str:
    return f"sqlite:///{folder}/{size}.db"


def _of_sizes(name: str, urls: Sequence[str], sizes: Sequence[int]) -> list[Cost]:
    measured = [asyncio.run(_of(url, size)) for url, size in zip(urls, sizes, strict=True)]
    return [Cost(name, what, tuple(each[what] for each in measured)) for what in measured[0]]


async def _of(url: str, size: int) -> dict[str, float]:
    parsed = database_url(url, Path())
    migrate(parsed)
    db = Database(parsed, writers=2, synchronous="FULL", seconds=300)
    await db.start()
    try:
        place = await crowded(db, direct_rooms=size, groups=(GROUP,))
        await db.write(_fill_more, place, size)
        return {what: await median_of(act) for what, act in _acts(db, place).items()}
    finally:
        await db.close()


def _fill_more(tx: Transaction, place: Crowded, size: int) -> None:
    """Words of names, entries of one person, and a group whose messages are deleted."""
    tx.execute(
        text('INSERT INTO "KabarNamePart" ("part","userId") SELECT \' \' || "id","id" FROM "User"')
    )
    tx.execute(text('UPDATE "Notification" SET "userId" = \'user20\''))
    # As many deleted messages that nobody in the group has read as there are blocks of them.
    blocks = DELETED // 64
    tx.execute(
        text(
            'INSERT INTO "KabarDeleted" ("roomId","level","block","count") '
            'SELECT :room, 1, CAST(substr("id", 5) AS INTEGER) + 1, 64 FROM "User" '
            'WHERE CAST(substr("id", 5) AS INTEGER) < :blocks'
        ),
        {"room": place.groups[GROUP], "blocks": min(blocks, size)},
    )
    tx.execute(
        text(
            'UPDATE "ChatRoom" SET "lastSeq" = :last, "deletedCount" = :deleted, '
            '"lastDeletedSeq" = :deleted WHERE "id" = :room'
        ),
        {"last": DELETED + 64, "deleted": DELETED, "room": place.groups[GROUP]},
    )
    # Somebody is in a tenth of all rooms.
    tx.execute(
        text(
            'UPDATE "ChatParticipant" SET "userId" = \'user1\' '
            'WHERE "id" LIKE \'a%\' AND CAST(substr("id", 2) AS INTEGER) % 10 = 5'
        )
    )
    if tx.is_postgresql:
        tx.execute(text("ANALYZE"))


def _acts(db: Database, place: Crowded) -> dict[str, Act]:
    ann, group = place.ann, place.groups[GROUP]
    audience = Audience(None)

    async def follow_and_back() -> None:
        await db.write(follow, follower=ann, user="user20", socket_id=None)
        await db.write(unfollow, follower=ann, user="user20", socket_id=None)

    def send(room_id: str) -> Act:
        draft = MessageDraft(room_id=room_id, content="Hello")
        return lambda: db.write_together(send_messages, Send(ann, draft, None, audience))

    return {
        "opening a direct room": lambda: db.read(room_of, user_id="user0", room_id=place.room_id),
        "the list of conversations": lambda: db.read(
            conversations, user_id="user0", limit=20, cursor=None
        ),
        "the counts of the bell": lambda: db.read(bell_of, "user0"),
        "the list of conversations of who is in a tenth of the rooms": lambda: db.read(
            conversations, user_id="user1", limit=20, cursor=None
        ),
        "the counts of the bell of who is in a tenth of the rooms": lambda: db.read(
            bell_of, "user1"
        ),
        "finding people": lambda: db.read(
            find_people, caller_id="user0", query="user7", limit=20, after=None
        ),
        f"sending to a group of {GROUP} with {DELETED:,} deleted messages": send(group),
        "following and unfollowing whoever has all the entries": follow_and_back,
    }


async def median_of(act: Act) -> float:
    """Return how long it takes, in milliseconds."""
    took = []
    for _ in range(TRIES):
        began = time.perf_counter()
        await act()
        took.append((time.perf_counter() - began) * 1000)
    return median(took)


if __name__ == "__main__":
    wanted = [int(size) for size in sys.argv[1:]] or list(SIZES)
    for cost in measure(wanted):
        print(cost.database, cost.what, *(f"{each:.2f} ms" for each in cost.by_size), sep="  ")
