"""What does somebody hear who was away: all of it, in order, and nothing that is not theirs?"""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import insert, text, update

from kabar.core.times import utc_now
from kabar.features.chat.audience import Audience
from kabar.features.chat.messages import edit_message
from kabar.features.chat.sync import syncing
from kabar.features.chat.sync.changes import forget_changes, note_changes
from kabar.features.chat.sync.tables import RoomChange
from kabar.infra.db import Database, Transaction
from kabar.infra.db.clock import Clock
from kabar.server.app import Kabar
from tests.crowded import crowded
from tests.features.chat.talk import Json, delete, did, group, read, refused, say, say_all
from tests.features.chat.test_costs import say as send_to
from tests.people import Person
from tests.plans import heard, walks_through


async def sync(person: Person, since: str | None = None) -> Json:
    return did(await person.get("/api/chat/sync", **({"since": since} if since else {})))


async def since_now(person: Person) -> str:
    answer = await sync(person)
    assert (answer["events"], answer["limited"], answer["stale"]) == ([], False, [])
    following: str = answer["next"]
    return following


def types(answer: Json) -> list[str]:
    return [event["type"] for event in answer["events"]]


async def test_what_was_said_edited_deleted_and_read_meanwhile_is_told_in_order(
    ann: Person, ben: Person, room: Json
) -> None:
    old, gone = await say(ann, room, "old"), await say(ann, room, "gone")
    since = await since_now(ben)
    await ann.patch("/api/chat/messages", {"messageId": old["id"], "content": "newer"})
    await delete(ann, gone)
    new = await say(ann, room, "new")
    await read(ben, room)

    answer = await sync(ben, since)
    times = [event["at"] for event in answer["events"]]
    assert times == sorted(times)
    told = {event["type"]: event["data"] for event in answer["events"]}
    assert set(told) == {"message-edited", "message-deleted", "new-message", "message-read"}
    edited, deleted = told["message-edited"], told["message-deleted"]
    said, mark = told["new-message"], told["message-read"]
    assert (edited["id"], edited["content"]) == (old["id"], "newer")
    assert (deleted["messageId"], deleted["seq"], deleted["by"]) == (gone["id"], 2, ann.id)
    assert (said["id"], said["seq"]) == (new["id"], 3)
    assert (mark["userId"], mark["lastReadSeq"]) == (ben.id, 3)
    assert types(await sync(ben, answer["next"])) == []


async def test_a_new_message_comes_once_as_it_is_now(ann: Person, ben: Person, room: Json) -> None:
    since = await since_now(ben)
    first, second = await say(ann, room, "one"), await say(ann, room, "two")
    await ann.patch("/api/chat/messages", {"messageId": first["id"], "content": "1"})
    await delete(ann, second)

    answer = await sync(ben, since)
    said = [event["data"] for event in answer["events"] if event["type"] == "new-message"]
    assert [(each["seq"], each["content"]) for each in said] == [(1, "1"), (2, "")]
    assert said[1]["deletedAt"] is not None


async def test_reactions_rooms_roles_and_ones_own_marks_are_told(
    ann: Person, ben: Person, cleo: Person
) -> None:
    team = await group(ann, ben)
    message = await say(ann, team, "hello")
    since, annes = await since_now(ben), await since_now(ann)
    path = f"/api/chat/rooms/{team['id']}"
    did(await ann.patch(path, {"name": "Crew"}))
    did(await ann.post(f"{path}/participants", {"userIds": [cleo.id]}))
    did(await ann.patch(f"{path}/participants/{cleo.id}", {"role": "admin"}))
    did(await ann.put(f"/api/chat/messages/{message['id']}/reactions/🎉"))
    did(await ann.put(f"/api/chat/messages/{message['id']}/pin"))
    did(await ben.patch(f"{path}/me", {"isMuted": True}))

    told = {event["type"]: event["data"] for event in (await sync(ben, since))["events"]}
    assert told["user-joined"]["userId"] == cleo.id
    assert told["participant-updated"]["role"] == "admin"
    assert told["message-pinned"]["messageId"] == message["id"]
    assert (told["reaction-added"]["emoji"], told["reaction-added"]["count"]) == ("🎉", 1)
    assert told["room-updated"]["me"]["isMuted"] is True
    answer = await sync(ann, annes)
    assert [e["data"].get("name") for e in answer["events"] if e["type"] == "room-updated"] == [
        "Crew"
    ]


async def test_a_room_that_one_came_into_is_to_be_read_and_of_one_that_one_left_nothing_comes(
    ann: Person, ben: Person, cleo: Person
) -> None:
    team, other = await group(ann, ben, cleo), await group(ann, ben, name="Other")
    await say(ann, other, "before her time")
    since = await since_now(cleo)
    left = await cleo.delete(f"/api/chat/rooms/{team['id']}/participants/me")
    assert left.status_code == 204
    await say(ann, team, "after her time")
    did(await ann.post(f"/api/chat/rooms/{other['id']}/participants", {"userIds": [cleo.id]}))

    answer = await sync(cleo, since)
    assert answer["stale"] == [other["id"]]
    assert answer["limited"]
    told = [(each["type"], each["roomId"], each["data"]["userId"]) for each in answer["events"]]
    assert sorted(told) == [
        ("user-joined", other["id"], cleo.id),
        ("user-left", team["id"], cleo.id),
    ]


async def test_what_one_deleted_for_oneself_is_told_as_that_and_nothing_of_it(
    ann: Person, ben: Person, room: Json
) -> None:
    since = await since_now(ben)
    message = await say(ann, room, "psst")
    answer = await ben.delete("/api/chat/messages", messageId=message["id"], scope="me")
    assert answer.status_code == 204

    events = (await sync(ben, since))["events"]
    assert [(each["type"], each["data"].get("scope")) for each in events] == [
        ("message-deleted", "me")
    ]
    assert types(await sync(ann, since)) == ["new-message"]


async def test_who_does_not_tell_what_they_read_is_not_told_of(
    ann: Person, ben: Person, room: Json
) -> None:
    await say(ann, room, "hello")
    annes, bens = await since_now(ann), await since_now(ben)
    await read(ben, room)
    assert types(await sync(ann, annes)) == ["message-read"]

    did(await ben.patch("/api/me", {"readReceipts": False}))
    assert types(await sync(ann, annes)) == []
    assert types(await sync(ben, bens)) == ["message-read"]


async def test_of_more_than_it_tells_it_says_which_rooms_have_to_be_read(
    ann: Person, ben: Person, room: Json, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(syncing, "_MOST_OF_ROOM", 3)
    team = await group(ann, ben)
    since = await since_now(ben)
    await say_all(ann, room, 4)
    await say_all(ann, team, 3)

    answer = await sync(ben, since)
    assert (answer["limited"], answer["stale"]) == (True, [room["id"]])
    assert types(answer) == ["new-message"] * 3
    monkeypatch.setattr(syncing, "_MOST", 3)
    assert (await sync(ben, since))["stale"] == [room["id"]]


async def test_where_nobody_knows_any_more_all_rooms_have_to_be_read(
    kabar: Kabar, ann: Person, room: Json
) -> None:
    """After longer than the log reaches, and with a moment of another database."""
    since = await since_now(ann)
    message = await say(ann, room, "hello")
    await delete(ann, message)
    await kabar.db.write(
        lambda tx: tx.execute(update(RoomChange).values(at=tx.now.replace(year=2001)))
    )
    await forget_changes(kabar.db, days=30)
    assert types(await sync(ann, since)) == ["new-message"]

    if kabar.db.is_sqlite:
        await kabar.db.write(lambda tx: tx.execute(update(Clock).values(commits=-5)))
    else:
        await kabar.db.write(lambda tx: tx.execute(update(Clock).values(shift=1 << 44)))
    answer = await sync(ann, since)
    assert (answer["events"], answer["limited"], answer["stale"]) == ([], True, [room["id"]])


async def test_what_commits_late_is_told_late_and_not_passed_over(
    kabar: Kabar, ann: Person, ben: Person, room: Json
) -> None:
    """On PostgreSQL a transaction may have its number before a moment, and commit after it."""
    if kabar.db.is_sqlite:
        pytest.skip("SQLite has one writer")
    message = await say(ann, room, "old")
    other = await group(ann, ben)
    engine: Any = kabar.db._writer
    with engine.connect() as slow, slow.begin() as begun:
        tx = Transaction(slow, utc_now())
        edit_message(
            tx,
            user_id=ann.id,
            message_id=message["id"],
            content="late",
            socket_id=None,
            audience=Audience(None),
        )
        note_changes(tx)
        await say(ann, other, "quick")
        since = await since_now(ben)
        await say(ann, other, "after")
        first = await sync(ben, since)
        begun.commit()
    assert [each["data"]["content"] for each in first["events"]] == ["after"]

    second = await sync(ben, first["next"])
    assert [each["data"]["content"] for each in second["events"]] == ["late"]


async def test_a_message_writes_no_row_of_the_log(db: Database) -> None:
    db.keep(note_changes)
    place = await crowded(db, direct_rooms=10_000, groups=(300,))
    with heard(db) as said:
        await send_to(db, place, place.room_id, place.groups[300])
    assert not [each for each in said if "KabarChange" in each.statement]

    def fill(tx: Transaction) -> None:
        rows = [("participant", f"user{n}") for n in range(3_000)]
        tx.execute(
            insert(RoomChange).values(stamp=1, at=tx.now, by=""),
            [{"room_id": f"room{n}", "kind": k, "subject": s} for n, (k, s) in enumerate(rows)],
        )

    await db.write(fill)
    since = (await db.read(syncing.sync, user_id="user0", since=None, days=30)).next
    await send_to(db, place, place.room_id, place.groups[300])
    if not db.is_sqlite:
        await db.write(lambda tx: tx.execute(text("ANALYZE")))
    with heard(db) as said:
        answer = await db.read(syncing.sync, user_id="user0", since=since, days=30)
    assert [event.type for event in answer.events] == ["new-message"] * 2
    tables = ("Message", "ChatRoom", "ChatParticipant", "KabarChange", "said", "touched", "newest")
    walks = await db.read(walks_through, said, tables)
    assert not walks, "\n\n".join(f"{s}\n--\n{p}" for s, p in walks.items())


@pytest.mark.parametrize("since", ["x", "WzFd", "A" * 2000])
async def test_a_made_up_moment_is_refused(ann: Person, since: Any) -> None:
    assert refused(await ann.get("/api/chat/sync", since=since)) == (400, "bad_cursor")
