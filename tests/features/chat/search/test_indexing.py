"""What was said is read once, soon, and is never lost or found under words that are gone."""

from __future__ import annotations

from string import ascii_lowercase, digits
from typing import Any

import pytest
from sqlalchemy import delete, func, insert, select, text, update

from kabar.core.times import utc_now
from kabar.features.chat.models import ChatRoom, Message
from kabar.features.chat.search import indexing
from kabar.features.chat.search.indexing import index_messages
from kabar.features.chat.search.tables import SearchBacklog, SearchEntry
from kabar.infra.db import Transaction
from kabar.infra.db.clock import Moment, moment
from kabar.server.app import Kabar
from tests.features.chat.search.conftest import Look, contents
from tests.features.chat.talk import Json, did, say, say_all
from tests.patience import patiently
from tests.people import Person


async def test_it_is_found_without_anybody_asking_for_that(ann: Person, room: Json) -> None:
    await say(ann, room, "hello there")

    async with patiently():
        while not did(await ann.get("/api/chat/search", q="hello"))["messages"]:
            pass


async def test_more_than_is_read_at_once_is_read(
    kabar: Kabar, ann: Person, room: Json, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexing, "_AT_ONCE", 3)
    await say_all(ann, room, 10)

    for number in range(1, 11):
        assert contents(await look(ann, f'"{number}"')) == [str(number)]


async def test_two_nodes_that_read_the_same_write_it_once(
    kabar: Kabar, ann: Person, room: Json, look: Look
) -> None:
    await kabar.workers.close()
    await say(ann, room, "hello")
    batch = await kabar.db.read(indexing._read_new)
    assert batch is not None
    await kabar.db.write(indexing._write_new, batch)
    await kabar.db.write(indexing._write_new, batch)

    assert contents(await look(ann, "hello")) == ["hello"]


@pytest.mark.parametrize("what", ["edited", "deleted"])
async def test_what_changes_while_it_is_read_is_not_found_by_its_old_words(
    kabar: Kabar, ann: Person, room: Json, look: Look, what: str
) -> None:
    await kabar.workers.close()
    message = await say(ann, room, "old")
    batch = await kabar.db.read(indexing._read_new)
    assert batch is not None
    if what == "edited":
        await ann.patch("/api/chat/messages", {"messageId": message["id"], "content": "new"})
    else:
        await ann.delete("/api/chat/messages", messageId=message["id"])
    await kabar.db.write(indexing._write_new, batch)

    assert contents(await look(ann, "old")) == []
    assert contents(await look(ann, "new")) == (["new"] if what == "edited" else [])
    assert await kabar.db.read(_entries) == (1 if what == "edited" else 0)


async def test_older_messages_are_read_room_by_room(
    kabar: Kabar, ann: Person, room: Json, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after an upgrade: nothing was read, and the rooms are on a list."""
    monkeypatch.setattr(indexing, "_AT_ONCE", 3)
    await kabar.workers.close()
    await say_all(ann, room, 7)

    def as_before(tx: Transaction) -> None:
        tx.execute(update(Message).values(stamp=0))
        tx.execute(delete(SearchEntry))
        tx.execute(insert(SearchBacklog).values(room_id=room["id"], last_seq=7))

    await kabar.db.write(as_before)
    for _ in range(3):
        await index_messages(kabar.db)
    for number in range(1, 8):
        assert contents(await look(ann, f'"{number}"')) == [str(number)]
    assert await kabar.db.read(lambda tx: tx.execute(select(SearchBacklog)).all()) == []


async def test_no_word_is_left_of_what_is_gone(
    kabar: Kabar, ann: Person, room: Json, look: Look
) -> None:
    """Also where a room or an account goes with all of its messages."""
    await say(ann, room, "gone")
    await look(ann, "gone")
    await kabar.db.write(lambda tx: tx.execute(delete(ChatRoom).where(ChatRoom.id == room["id"])))

    assert await kabar.db.read(_entries) == 0
    if kabar.db.is_sqlite:
        left = 'SELECT rowid FROM "KabarSearchWords" WHERE "KabarSearchWords" MATCH :word'
        word = {"word": " OR ".join(f'"{letter}"*' for letter in ascii_lowercase + digits)}
        assert await kabar.db.read(lambda tx: tx.execute(text(left), word).all()) == []


def _entries(tx: Transaction) -> Any:
    return tx.execute(select(func.count()).select_from(SearchEntry)).scalar_one()


async def test_what_commits_late_is_not_passed_over(kabar: Kabar, ann: Person, room: Json) -> None:
    """On PostgreSQL a transaction may get its number before another one, and commit after it."""
    if kabar.db.is_sqlite:
        pytest.skip("SQLite has one writer")
    await kabar.workers.close()
    engine: Any = kabar.db._writer
    with engine.connect() as slow, slow.begin() as begun:
        tx = Transaction(slow, utc_now())
        stamp = tx.execute(text("SELECT txid_current()")).scalar_one()
        await say(ann, room, "quick")
        await index_messages(kabar.db)
        seen = await kabar.db.read(moment)
        tx.execute(
            update(Message).where(Message.room_id == room["id"]).values(stamp=stamp, content="late")
        )
        tx.execute(delete(SearchEntry))
        begun.commit()
    assert not seen.sees(stamp)
    await index_messages(kabar.db)

    assert did(await ann.get("/api/chat/search", q="late"))["messages"] != []


def test_a_moment_that_is_cut_sees_what_was_below_it() -> None:
    now = Moment(low=10, high=20, under_way=(12, 15))
    assert [stamp for stamp in range(8, 22) if not now.sees(stamp)] == [12, 15, 20, 21]
    cut = now.before(14)
    assert [stamp for stamp in range(8, 18) if not cut.sees(stamp)] == [12, 14, 15, 16, 17]
    assert [stamp for stamp in range(3, 8) if not now.before(5).sees(stamp)] == [5, 6, 7]
