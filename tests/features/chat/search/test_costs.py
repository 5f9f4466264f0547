"""What a search costs does not grow with what is said in rooms that one is not in."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text

from kabar.features.chat.models import Message
from kabar.features.chat.search.entries import add_entries, entry_of
from kabar.features.chat.search.find import find_messages
from kabar.features.chat.search.indexing import index_messages
from kabar.features.chat.search.query import read_query
from kabar.infra.db import Database, Transaction
from tests.crowded import crowded
from tests.features.chat.test_costs import say
from tests.plans import heard, walks_through

#: by name, and as search calls them
_TABLES = (
    "Message",
    "ChatRoom",
    "ChatParticipant",
    "KabarSearchEntry",
    "entry",
    "found",
)


def _index_all(tx: Transaction) -> None:
    rows = tx.execute(select(Message.room_id, Message.seq, Message.sender_id, Message.content))
    add_entries(
        tx,
        [
            entry_of(
                room_id=room_id, seq=seq, sender_id=sender_id, content=content, message_type="text"
            )
            for room_id, seq, sender_id, content in rows
        ],
    )


@pytest.mark.parametrize("is_analyzed", [False, True])
async def test_no_plan_of_a_search_walks_through_a_table(db: Database, is_analyzed: bool) -> None:
    place = await crowded(db, direct_rooms=4_000, groups=(300,))
    await db.write(_index_all)
    await say(db, place, place.room_id, place.groups[300])
    if is_analyzed or not db.is_sqlite:
        await db.write(lambda tx: tx.execute(text("ANALYZE")))

    with heard(db) as said:
        await index_messages(db)
        for q, room_id in (("hello", None), ("hello he", None), ('"hi"', place.room_id)):
            page = await db.read(
                find_messages,
                user_id="user0",
                query=read_query(q),
                room_id=room_id,
                limit=20,
                cursor=None,
            )
            assert page.messages

    walks = await db.read(walks_through, said, _TABLES)
    assert not walks, "\n\n".join(f"{s}\n--\n{p}" for s, p in walks.items())


async def test_a_message_that_is_sent_does_not_wait_for_its_words(db: Database) -> None:
    place = await crowded(db, direct_rooms=20)
    with heard(db) as said:
        await say(db, place, place.room_id)

    assert not [each for each in said if "KabarSearch" in each.statement]
