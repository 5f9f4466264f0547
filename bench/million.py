"""What do lists, pages and searches cost with a million messages?"""

# `python -m bench.million [MESSAGES]`: one after the other, in this process; to fill takes minutes.

from __future__ import annotations

import asyncio
import random
import sys
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, text

from bench.untouched import Act, Cost, median_of
from kabar.core.ids import new_id
from kabar.features.chat.conversations import conversations
from kabar.features.chat.messages import get_messages
from kabar.features.chat.models import ChatParticipant, ChatRoom, Message, Role, RoomType
from kabar.features.chat.search.find import find_messages
from kabar.features.chat.search.indexing import index_messages
from kabar.features.chat.search.query import Query, read_query
from kabar.features.chat.search.tables import SearchBacklog
from kabar.infra.db import Database, Transaction
from kabar.infra.db.engine import database_url
from kabar.migrations.migrate import migrate
from tests.crowded import crowded
from tests.servers import run_postgresql

MESSAGES = 1_000_000
ROOMS = 1_000
#: every fifth message is said in one room, the others anywhere
_LARGEST_HAS = 5
_AT_ONCE = 20_000
#: a word of a text is the hundredth of these a hundredth as often as the first
_WORDS = [
    a + b + c
    for a in ("ka", "mer", "sol", "ti")
    for b in "aeiou"
    for c in (
        "",
        "bar",
        "dus",
        "fen",
        "gil",
        "kot",
        "lum",
        "nar",
        "pir",
        "rus",
        "sam",
        "tov",
        "vel",
        "wid",
    )
]
_WEIGHTS = [1 / rank for rank in range(1, len(_WORDS) + 1)]
#: said once, in the middle of everything
_RARE = "xylophone"


def measure(messages: int = MESSAGES) -> list[Cost]:
    """Measure on both databases; milliseconds, at the median."""
    found: list[Cost] = []
    with tempfile.TemporaryDirectory() as folder:
        found += asyncio.run(_on("SQLite", f"sqlite:///{folder}/kabar.db", messages))
    with run_postgresql() as server:
        found += asyncio.run(_on("PostgreSQL", server.url(server.create_database()), messages))
    return found


async def _on(name: str, url: str, messages: int) -> list[Cost]:
    parsed = database_url(url, Path())
    migrate(parsed)
    db = Database(parsed, writers=2, synchronous="NORMAL", seconds=600)
    await db.start()
    try:
        # Three people in each room; the first is in all of them.
        await crowded(db, direct_rooms=3)
        rooms = await db.write(_make_rooms)
        said = dict.fromkeys(rooms, 0)
        for first in range(0, messages, _AT_ONCE):
            count = min(_AT_ONCE, messages - first)
            await db.write(_say, rooms, said, first, count, middle=messages // 2)
        await db.write(_settle, said)
        await index_messages(db)
        while await db.read(_is_behind):
            await index_messages(db)
        if not db.is_sqlite:
            await db.write(lambda tx: tx.execute(text("ANALYZE")))
        acts = _acts(db, rooms[0], said[rooms[0]])
        return [Cost(name, what, (await median_of(act),)) for what, act in acts.items()]
    finally:
        await db.close()


def _make_rooms(tx: Transaction) -> list[str]:
    rooms = [new_id() for _ in range(ROOMS)]
    common: dict[str, Any] = {"is_active": True, "created_at": tx.now, "updated_at": tx.now}
    tx.execute(
        insert(ChatRoom),
        [
            {"id": room_id, "type": RoomType.GROUP, "last_seq": 0, "participants_count": 3} | common
            for room_id in rooms
        ],
    )
    tx.execute(
        insert(ChatParticipant),
        [
            {"id": new_id(), "room_id": room_id, "user_id": f"user{number}", "role": Role.MEMBER}
            | {"last_read_seq": 0, "is_muted": False, "is_pinned": False, "joined_at": tx.now}
            for room_id in rooms
            for number in range(3)
        ],
    )
    return rooms


def _say(
    tx: Transaction, rooms: list[str], said: dict[str, int], first: int, count: int, *, middle: int
) -> None:
    """Say so many messages, one a second, as if they had been said years ago."""
    chance = random.Random(first)
    rows = []
    for number in range(first, first + count):
        room_id = rooms[0] if number % _LARGEST_HAS == 0 else chance.choice(rooms)
        said[room_id] += 1
        words = chance.choices(_WORDS, _WEIGHTS, k=chance.randint(2, 16))
        if number == middle:
            words.append(_RARE)
        rows.append(
            {
                "id": f"m{number:07}",
                "room_id": room_id,
                "seq": said[room_id],
                "sender_id": f"user{number % 3}",
                "content": " ".join(words),
                "type": "text",
                "is_read": False,
                "is_delivered": False,
                "created_at": tx.now - timedelta(days=30, seconds=-number),
                "stamp": 0,
            }
        )
    tx.execute(insert(Message), rows)


def _settle(tx: Transaction, said: dict[str, int]) -> None:
    for room_id, last_seq in said.items():
        tx.execute(
            text(
                'UPDATE "ChatRoom" SET "lastSeq" = :seq, "lastSaidSeq" = :seq, "lastMessageAt" = '
                '(SELECT "createdAt" FROM "Message" WHERE "roomId" = :room AND seq = :seq) '
                'WHERE "id" = :room'
            ),
            {"room": room_id, "seq": last_seq},
        )
    backlog = [{"room_id": room_id, "last_seq": seq} for room_id, seq in said.items() if seq]
    tx.execute(insert(SearchBacklog), backlog)


def _is_behind(tx: Transaction) -> bool:
    return tx.execute(text('SELECT 1 FROM "KabarSearchBacklog" LIMIT 1')).first() is not None


def _acts(db: Database, largest: str, last_seq: int) -> dict[str, Act]:
    def page(**where: Any) -> Act:
        return lambda: db.read(get_messages, user_id="user0", room_id=largest, limit=50, **where)

    def search(query: Query, room_id: str | None = None) -> Act:
        return lambda: db.read(
            find_messages, user_id="user0", query=query, room_id=room_id, limit=20, cursor=None
        )

    common, seldom = _WORDS[0], _WORDS[-1]
    return {
        f"the first page of {ROOMS:,} conversations": lambda: db.read(
            conversations, user_id="user0", limit=20, cursor=None
        ),
        "the newest page of the largest room": page(),
        "a page in its middle": page(around_seq=last_seq // 2),
        "its oldest page": page(around_seq=1),
        "search: a word that was said once": search(read_query(_RARE)),
        "search: a word of every third message": search(read_query(common)),
        "search: a word of every two hundredth": search(read_query(seldom)),
        "search: two words": search(read_query(f"{_WORDS[20]} {_WORDS[40]}")),
        "search: a phrase": search(read_query(f'"{_WORDS[3]} {_WORDS[7]}"')),
        "search: the beginning of words": search(read_query(_WORDS[30][:4])),
        "search: two words of one person": search(
            read_query(f"{_WORDS[20]} {_WORDS[40]}", sender_id="user1")
        ),
        "search: in the largest room": search(read_query(seldom), largest),
        "search: in it, what was said once elsewhere": search(read_query(_RARE), largest),
        "search: what nobody said": search(read_query("nobodysaidthis")),
    }


if __name__ == "__main__":
    for cost in measure(*(int(count) for count in sys.argv[1:2])):
        print(cost.database, cost.what, f"{cost.by_size[0]:.2f} ms", sep="  ", flush=True)
