"""What a request costs does not grow with what it does not touch, statistics or not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import text

from kabar.features.accounts.identity import Identity
from kabar.features.chat.audience import Audience
from kabar.features.chat.conversations import conversations
from kabar.features.chat.deleting.for_all import delete_message
from kabar.features.chat.deleting.for_me import delete_for_me
from kabar.features.chat.former_words import edits_of
from kabar.features.chat.messages import edit_message, get_messages
from kabar.features.chat.pins.pinning import pin, pins_of
from kabar.features.chat.polls.schemas import PollDraft
from kabar.features.chat.polls.voting import vote
from kabar.features.chat.reactions.listing import page_of_reactions
from kabar.features.chat.reactions.reacting import react
from kabar.features.chat.receipts.marking import mark_as_read
from kabar.features.chat.schemas import MessageDraft
from kabar.features.chat.sending import Send, Sent, send_messages
from kabar.features.notifications import inbox
from kabar.features.notifications.queries import page_of_notifications
from kabar.infra.db import Database, Transaction
from tests.crowded import Crowded, crowded
from tests.plans import Said, heard, walks_through
from tests.recorder import Recorder

#: those that grow
TABLES = (
    "ChatRoom",
    "ChatParticipant",
    "Message",
    "User",
    "Notification",
    "KabarDeleted",
    "KabarReaction",
    "KabarVote",
    "KabarHidden",
    "KabarEdit",
    "KabarBlock",
)


async def say(db: Database, place: Crowded, *room_ids: str, everybody: bool = True) -> None:
    """Send to these rooms in one batch."""
    audience = Audience(Recorder() if everybody else None)

    def batch(tx: Transaction, ids: Sequence[str]) -> list[Any]:
        sends = [
            Send(place.ann, MessageDraft(room_id=room_id, content="Hi"), None, audience)
            for room_id in ids
        ]
        return list(send_messages(tx, sends))

    await db.write(batch, room_ids)


def ballot(voter: Identity, message_id: str, *option_ids: str) -> dict[str, Any]:
    return {
        "voter": voter,
        "message_id": message_id,
        "option_ids": option_ids,
        "socket_id": None,
    }


async def test_a_message_writes_as_many_rows_in_a_room_of_ten_thousand_as_in_one_of_two(
    db: Database,
) -> None:
    """And everybody is told: the first message and the next, whoever has read what."""
    place = await crowded(db, direct_rooms=20, groups=(1_000, 10_000))
    written: dict[str, list[int]] = {}
    for room_id in (place.room_id, *place.groups.values()):
        await say(db, place, room_id)
        with heard(db) as said:
            await say(db, place, room_id)
        written[room_id] = [
            each.rows for each in said if re.match("INSERT|UPDATE|DELETE", each.statement)
        ]

    assert len({tuple(rows) for rows in written.values()}) == 1, written
    # the message, its room, the sender's position, the outbox; and on SQLite the clock
    assert sum(written[place.room_id]) == 4 + db.is_sqlite


async def test_a_vote_writes_as_many_rows_in_a_room_of_ten_thousand_as_in_one_of_two(
    db: Database,
) -> None:
    place = await crowded(db, direct_rooms=20, groups=(10_000,))
    written = []
    for room_id in (place.room_id, place.groups[10_000]):
        poll = PollDraft(question="?", options=["Yes", "No"])
        draft = MessageDraft(room_id=room_id, content="?", type="poll", poll=poll)
        asking = [Send(place.ann, draft, None, Audience(None))]
        (asked,) = await db.write(send_messages, asking)
        assert isinstance(asked, Sent)
        await db.write(vote, **ballot(place.ann, asked.message.id, "1"))
        with heard(db) as said:
            await db.write(vote, **ballot(place.ann, asked.message.id, "2"))
        written.append(
            [each.rows for each in said if re.match("INSERT|UPDATE|DELETE", each.statement)]
        )

    assert written[0] == written[1]


@pytest.mark.parametrize("is_analyzed", [False, True])
async def test_no_plan_walks_through_a_table(db: Database, is_analyzed: bool) -> None:
    """One `ANALYZE` by anybody made sends fall from 1,850 to 600 a second."""
    # So many that reading all rooms is dearer than looking up one of somebody's after the other.
    place = await crowded(db, direct_rooms=30_000, groups=(3_000,))
    group = place.groups[3_000]
    if is_analyzed or not db.is_sqlite:
        # PostgreSQL does it by itself.
        await db.write(lambda tx: tx.execute(text("ANALYZE")))

    with heard(db) as said:
        await say(db, place, place.room_id, "room1", "room2")
        await say(db, place, group, everybody=False)
        # as many as one node has listeners of a room
        await say(db, place, place.room_id, group)
        await db.write(
            mark_as_read, user_id="user1", room_id="room0", message_id=None, socket_id=None
        )
        await db.write(
            delete_message,
            user_id="user1",
            message_id="m2-0",
            socket_id=None,
            audience=Audience(None),
        )
        await db.write(
            lambda tx: react(tx, caller=place.ann, message_id="m2-1", emoji="👍", socket_id=None)
        )
        for choice in ("2", "1"):
            await db.write(vote, **ballot(place.ann, "m3-1", choice))
        await db.write(delete_for_me, user_id="user0", message_id="m3-1", socket_id=None)
        await db.write(lambda tx: pin(tx, pinner=place.ann, message_id="m2-1", socket_id=None))
        await db.read(pins_of, user_id="user0", room_id="room1")
        await db.read(edits_of, user_id="user0", message_id="m1-1")
        await db.read(get_messages, user_id="user0", room_id="room1", limit=50)
        await db.write(
            edit_message,
            user_id="user2",
            message_id="m2-1",
            content="Other words",
            socket_id=None,
            audience=Audience(None),
        )
        await db.read(get_messages, user_id="user0", room_id=place.room_id, limit=50)
        await db.read(page_of_reactions, user_id="user0", message_id="m2-1", limit=50, cursor=None)
        await db.read(conversations, user_id="user0", limit=20, cursor=None)
        for only in (None, "unread", "archived"):
            await db.read(page_of_notifications, user_id="user0", only=only, limit=20, after=None)
        await db.write(inbox.mark_seen, user_id="user0", socket_id=None)
        await db.write(inbox.mark_all_read, user_id="user0", socket_id=None)

    walks = await db.read(walks_through, said, TABLES)
    assert not walks, "\n\n".join(f"{s}\n--\n{p}" for s, p in walks.items())


async def test_what_is_deleted_is_not_counted_one_by_one(db: Database) -> None:
    """20,000 deleted that a hundred had not read made one send take 381 ms of the only writer."""
    place = await crowded(db, direct_rooms=10, groups=(100,))
    group = place.groups[100]

    def delete_most(tx: Transaction) -> None:
        many = {"room": group, "last": 20_000}
        series = (
            "SELECT generate_series(1, :last) AS seq"
            if tx.is_postgresql
            else "WITH RECURSIVE n(seq) AS (SELECT 1 UNION ALL SELECT seq + 1 FROM n"
            " WHERE seq < :last) SELECT seq FROM n"
        )
        text_of = "CAST(seq AS text)"
        tx.execute(
            text(
                'INSERT INTO "Message" ("id","roomId","seq","senderId","content","type","isRead",'
                '"isDelivered","deletedAt","createdAt")'
                f" SELECT 'm' || {text_of}, :room, seq, 'user0', '', 'text', false, false, now_at,"
                f' now_at FROM ({series}) AS numbers, (SELECT "createdAt" AS now_at FROM "ChatRoom"'
                ' WHERE "id" = :room) AS present'
            ),
            many,
        )
        for level, bits in ((1, 6), (2, 12)):
            tx.execute(
                text(
                    'INSERT INTO "KabarDeleted" ("roomId","level","block","count") SELECT'
                    ' "roomId", :level, "seq" >> :bits, count(*) FROM "Message"'
                    ' WHERE "roomId" = :room GROUP BY 1, 2, 3'
                ),
                {"level": level, "bits": bits, "room": group},
            )
        tx.execute(
            text(
                'UPDATE "ChatRoom" SET "lastSeq" = :last, "deletedCount" = :last,'
                ' "lastDeletedSeq" = :last WHERE "id" = :room'
            ),
            many,
        )
        if tx.is_postgresql:
            tx.execute(text("ANALYZE"))

    await db.write(delete_most)

    with heard(db) as said:
        await say(db, place, group)

    assert await db.read(_rows_looked_at, said) < 100 * 300
    await say(db, place, group)
    page = await db.read(conversations, user_id="user5", limit=20, cursor=None)
    unread = {room.id: room.me.unread_count for room in page.conversations}
    assert unread[group] == 2


def _rows_looked_at(tx: Transaction, said: Sequence[Said]) -> int:
    """Count the rows of messages and blocks that the statement about standings looks at."""
    (standings,) = [each for each in said if "KabarDeleted" in each.statement]
    if not tx.is_postgresql:
        # SQLite does not say it. What it looks at are the same index entries.
        return 0
    cursor: Any = tx.connection.connection.cursor()
    cursor.execute("EXPLAIN (ANALYZE, TIMING OFF) " + standings.statement, standings.parameters)
    total = 0
    for (line,) in cursor.fetchall():
        if re.search(r'on "(Message|KabarDeleted)"', line):
            found = re.search(r"actual rows=([\d.]+) loops=(\d+)", line)
            total += int(float(found[1]) * int(found[2])) if found else 0
    return total
