"""What threads cost does not grow with how long they are, or with what else is in their room."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import text

from kabar.features.chat.audience import Audience
from kabar.features.chat.deleting.for_all import delete_message
from kabar.features.chat.deleting.for_me import delete_for_me
from kabar.features.chat.messages import get_messages
from kabar.features.chat.receipts.marking import mark_as_read
from kabar.features.chat.schemas import MessageDraft
from kabar.features.chat.sending import Send, send_messages
from kabar.features.chat.threads.events import ThreadChanged, ThreadRead, ThreadsLeft
from kabar.features.chat.threads.reading import mark_thread_as_read
from kabar.features.chat.threads.schemas import ThreadView
from kabar.features.chat.threads.telling import tell_followers
from kabar.features.follows.events import UserBlocked
from kabar.features.notifications.queries import page_of_notifications
from kabar.features.notifications.thread_handlers import (
    forget_threads,
    put_away_folded,
    put_away_read,
    ring_followers,
)
from kabar.infra.db import Database, Transaction
from tests.crowded import Crowded, crowded
from tests.features.chat.test_costs import TABLES
from tests.plans import Said, heard, walks_through
from tests.recorder import Recorder

LONG = 10_000


async def long_thread(db: Database, others: int = 1_000) -> Crowded:
    """A group in which the second message has a thread of 10,000 replies, all after the third."""
    place = await crowded(db, direct_rooms=others, groups=(100,))
    room_id = place.groups[100]

    def fill(tx: Transaction) -> None:
        series = (
            "SELECT generate_series(1, :last) AS n"
            if tx.is_postgresql
            else "WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < :last)"
            " SELECT n FROM s"
        )
        given = {"room": room_id, "last": LONG}
        for message_id, seq in (("root1", 1), ("root2", 2), ("root3", 3)):
            tx.execute(
                text(
                    'INSERT INTO "Message" ("id","roomId","seq","senderId","content","type",'
                    '"isRead","isDelivered","createdAt") SELECT :id, :room, :seq, \'user0\','
                    " 'Hi', 'text', false, false, \"createdAt\" FROM \"ChatRoom\""
                    ' WHERE "id" = :room'
                ),
                {"room": room_id, "id": message_id, "seq": seq},
            )
        tx.execute(
            text(
                'INSERT INTO "Message" ("id","roomId","seq","senderId","content","type","isRead",'
                '"isDelivered","threadId","threadNumber","createdAt")'
                " SELECT 'reply' || CAST(n AS text), :room, n + 3, 'user1', 'Hi', 'text', false,"
                f" false, 'root2', n, at FROM ({series}) AS numbers,"
                ' (SELECT "createdAt" AS at FROM "ChatRoom" WHERE "id" = :room) AS present'
            ),
            given,
        )
        tx.execute(
            text(
                'UPDATE "Message" SET "lastReplyNumber" = :last, "repliesCount" = :last,'
                ' "lastReplyAt" = "createdAt" WHERE "id" = \'root2\''
            ),
            given,
        )
        tx.execute(
            text(
                'UPDATE "ChatRoom" SET "lastSeq" = :last + 3, "lastSaidSeq" = 3,'
                ' "lastMessageAt" = "createdAt" WHERE "id" = :room'
            ),
            given,
        )
        tx.execute(
            text(
                'INSERT INTO "KabarThreadFollower" ("threadId","userId","roomId","lastReadSeq",'
                '"lastReadNumber") SELECT \'root2\', "userId", :room, 0, 0'
                ' FROM "ChatParticipant" WHERE "roomId" = :room'
            ),
            given,
        )

        # Others follow other threads.
        tx.execute(
            text(
                'INSERT INTO "KabarThreadFollower" ("threadId","userId","roomId","lastReadSeq",'
                '"lastReadNumber") SELECT "id", "senderId", "roomId", 0, 0 FROM "Message"'
                ' WHERE "seq" < 4 AND "id" LIKE \'m%\''
            )
        )

    await db.write(fill)
    return place


async def reply(db: Database, place: Crowded, *, everybody: bool = False) -> None:
    draft = MessageDraft(room_id=place.groups[100], content="Hi", thread_id="root2")
    send = Send(place.ann, draft, None, Audience(Recorder() if everybody else None))
    (outcome,) = await db.write(send_messages, [send])
    assert not isinstance(outcome, Exception), outcome


async def do_all(db: Database, place: Crowded) -> list[Said]:
    """Do whatever has to do with the long thread; return what was said to the database."""
    room_id = place.groups[100]
    thread: dict[str, Any] = {
        "user_id": "user0",
        "room_id": room_id,
        "thread_id": "root2",
        "limit": 50,
    }
    changed = ThreadChanged(
        room_id=room_id,
        thread_id="root2",
        thread=ThreadView(replies_count=LONG, last_reply_at=None),
        version=1,
        repliers=("user1",),
    )
    with heard(db) as said:
        anchors: list[dict[str, Any]] = [
            {},
            {"before_id": "reply5000"},
            {"after_id": "reply5000"},
            {"around_id": "reply5000"},
        ]
        for anchor in anchors:
            await db.read(get_messages, **thread, **anchor)
        await db.read(get_messages, user_id="user0", room_id=room_id, limit=50)
        await reply(db, place)
        for message_id in ("reply5000", None):
            await db.write(
                mark_thread_as_read,
                user_id="user0",
                room_id=room_id,
                thread_id="root2",
                message_id=message_id,
                socket_id=None,
            )
        await db.write(
            mark_as_read, user_id="user0", room_id=room_id, message_id="root3", socket_id=None
        )
        await db.write(
            delete_message,
            user_id="user1",
            message_id="reply6000",
            socket_id=None,
            audience=Audience(None),
        )
        await db.write(delete_for_me, user_id="user2", message_id="reply7000", socket_id=None)
        await db.read(lambda tx: list(tell_followers(tx, [changed], lambda names: names)))
        await db.write(ring_followers, [changed])
        await db.read(page_of_notifications, user_id="user3", only=None, limit=20, after=None)
        gone = ThreadChanged(room_id=room_id, thread_id="root2", thread=changed.thread, version=2)
        await db.write(ring_followers, [gone])
        await db.write(
            put_away_read,
            [
                ThreadRead(
                    room_id=room_id,
                    thread_id="root2",
                    user_id="user0",
                    last_read_seq=1,
                    unread_count=0,
                    version=1,
                    read_at=None,
                    is_told=False,
                    socket_id=None,
                )
            ],
        )
        await db.write(put_away_folded, [UserBlocked(blocker_id="user3", blocked_id="user1")])
        await db.write(
            forget_threads,
            [ThreadsLeft(room_id=room_id, user_id="user3", thread_ids=["root2"])],
        )
    return said


@pytest.mark.parametrize("is_analyzed", [False, True])
async def test_no_plan_walks_through_a_table(db: Database, is_analyzed: bool) -> None:
    place = await long_thread(db, others=20_000)
    if is_analyzed or not db.is_sqlite:
        await db.write(lambda tx: tx.execute(text("ANALYZE")))
    said = await do_all(db, place)
    walks = await db.read(walks_through, said, (*TABLES, "KabarThreadFollower"))
    assert not walks, "\n\n".join(f"{s}\n--\n{p}" for s, p in walks.items())


async def test_pages_of_a_thread_and_of_its_room_are_found_by_an_index(db: Database) -> None:
    place = await long_thread(db)
    await db.write(lambda tx: tx.execute(text("ANALYZE")))
    room_id = place.groups[100]

    async def plan_of(**given: Any) -> str:
        with heard(db) as said:
            await db.read(get_messages, user_id="user0", room_id=room_id, limit=50, **given)
        pages = [each for each in said if re.search(r"ORDER BY .*seq", each.statement)]
        assert len(pages) == 1

        def explain(tx: Transaction) -> str:
            word = "EXPLAIN " if tx.is_postgresql else "EXPLAIN QUERY PLAN "
            cursor = tx.connection.connection.cursor()
            cursor.execute(word + pages[0].statement, pages[0].parameters)
            return "\n".join(str(row) for row in cursor.fetchall())

        return await db.read(explain)

    assert "Message_thread_idx" in await plan_of(thread_id="root2")
    assert "Message_thread_idx" in await plan_of(thread_id="root2", before_id="reply5000")
    # The newest three messages of the room stand behind 10,000 replies.
    assert "Message_list_idx" in await plan_of()


async def test_a_reply_writes_as_many_rows_whoever_is_there(db: Database) -> None:
    """The thread's 100 followers are in the room, and all of them listen."""
    place = await long_thread(db)
    await reply(db, place, everybody=True)
    with heard(db) as said:
        await reply(db, place, everybody=True)
    written = [each.rows for each in said if re.match("INSERT|UPDATE|DELETE", each.statement)]
    # The message, what it hangs on, its room twice, two blocks of what does not count there, the
    # sender's places in the room and in the thread, the outbox; and on SQLite the clock.
    assert sum(written) == 9 + db.is_sqlite
