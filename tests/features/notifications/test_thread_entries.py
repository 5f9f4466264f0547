"""What the list of notifications says of threads that somebody follows."""

from __future__ import annotations

import asyncio

import pytest

from kabar.server.app import Kabar
from tests.features.chat.talk import Json, delete, did, group, say
from tests.features.chat.threads.talk import answer, read_thread
from tests.infra.db.conftest import held_up
from tests.patience import patiently
from tests.people import MakePerson, Person


class Table:
    """A group of three, and a message of Ann's in it."""

    def __init__(self, kabar: Kabar, people: list[Person], team: Json, root: Json) -> None:
        self.kabar = kabar
        self.ann, self.ben, self.cleo = people
        self.team = team
        self.root = root

    async def lists(self, person: Person) -> tuple[list[Json], int, int]:
        """Return the person's entries of threads, and what is unread and unseen in all."""
        async with patiently():
            while not self.kabar.relay.is_idle:
                await asyncio.sleep(0)
        page = did(await person.get("/api/notifications"))
        listed: list[Json] = page["notifications"]
        entries = [each for each in listed if each["type"] == "new-reply"]
        assert all(each["readAt"] for each in listed if each not in entries), "the room is read"
        return entries, page["unreadCount"], page["unseenCount"]


@pytest.fixture
async def table(kabar: Kabar, person: MakePerson) -> Table:
    people = [await person(name) for name in ("ann", "ben", "cleo")]
    team = await group(*people)
    root = await say(people[0], team, "Lunch?")
    for each in people[1:]:
        did(await each.post("/api/chat/read", {"roomId": team["id"]}))
    return Table(kabar, people, team, root)


async def test_the_first_reply_that_is_new_is_an_entry_and_the_next_ones_are_in_it(
    table: Table,
) -> None:
    first = await answer(table.ben, table.root, "Noodles")
    entries, unread, unseen = await table.lists(table.ann)
    (entry,) = entries
    assert (unread, unseen) == (1, 1)
    assert (entry["title"], entry["body"], entry["count"]) == ("Ben", "Noodles", 1)
    assert entry["link"] == f"/chat/{table.team['id']}?thread={table.root['id']}"
    assert entry["data"] == {
        "roomId": table.team["id"],
        "threadId": table.root["id"],
        "messageId": first["id"],
        "seq": first["seq"],
    }
    for person in (table.ben, table.cleo):
        assert (await table.lists(person))[:2] == ([], 0)

    await answer(table.cleo, table.root, "or rice")
    (again,), unread, _ = await table.lists(table.ann)
    assert (again["title"], again["body"], again["count"]) == ("Cleo", "or rice", 2)
    assert (again["id"], again["updatedAt"], unread) == (entry["id"], entry["updatedAt"], 1)
    assert len((await table.lists(table.ben))[0]) == 1


async def test_who_reads_the_thread_has_read_the_entry(table: Table) -> None:
    replies = [await answer(table.ben, table.root, str(number)) for number in range(2)]
    await table.lists(table.ann)
    await read_thread(table.ann, table.root, replies[0])
    assert (await table.lists(table.ann))[1] == 1
    await read_thread(table.ann, table.root)
    (entry,), unread, unseen = await table.lists(table.ann)
    assert (entry["readAt"] is None, unread, unseen) == (False, 0, 0)

    await answer(table.ben, table.root, "again")
    (entry,), unread, _ = await table.lists(table.ann)
    assert (entry["readAt"], entry["count"], unread) == (None, 1, 1)


async def test_what_is_deleted_or_edited_is_not_in_the_entry(table: Table) -> None:
    kept, gone = await answer(table.ben, table.root, "kept"), await answer(table.ben, table.root)
    await delete(table.ben, gone)
    (entry,), unread, _ = await table.lists(table.ann)
    assert (entry["body"], entry["count"], unread) == ("kept", 1, 1)
    did(await table.ben.patch("/api/chat/messages", {"messageId": kept["id"], "content": "newer"}))
    assert (await table.lists(table.ann))[0][0]["body"] == "newer"
    await delete(table.ben, kept)
    (entry,), unread, _ = await table.lists(table.ann)
    assert (entry["body"], entry["count"], unread) == ("This message was deleted.", 0, 0)


async def test_there_is_none_for_who_muted_the_room_left_or_blocks_who_says_it(
    table: Table,
) -> None:
    for person in (table.ben, table.cleo):
        await answer(person, table.root)
    ben, cleo = table.ben, table.cleo
    place = f"/api/chat/rooms/{table.team['id']}"
    did(await ben.patch(f"{place}/me", {"isMuted": True}))
    did(await cleo.put(f"/api/users/{table.ann.id}/block"))
    await table.lists(ben)
    did(await ben.post("/api/notifications/read-all"))
    await answer(table.ann, table.root)
    assert (await table.lists(ben))[1] == 0
    assert (await table.lists(cleo))[:2] == ([], 0)

    did(await ben.patch(f"{place}/me", {"isMuted": False}))
    await answer(table.ann, table.root)
    assert (await table.lists(ben))[1] == 1
    assert (await ben.delete(f"{place}/participants/me")).status_code == 204
    assert (await table.lists(ben))[:2] == ([], 0)


async def test_a_mention_in_a_thread_reaches_who_muted_the_room_and_not_who_wants_nothing(
    table: Table,
) -> None:
    place = f"/api/chat/rooms/{table.team['id']}/me"
    did(await table.ben.patch(place, {"isMuted": True}))
    did(await table.cleo.patch(place, {"notify": "nothing"}))
    await answer(table.ann, table.root, "@ben and @cleo, noodles?")
    assert [(await table.lists(each))[1] for each in (table.ben, table.cleo)] == [1, 0]
    await read_thread(table.ben, table.root)
    assert (await table.lists(table.ben))[1] == 0
    await answer(table.ann, table.root, "or rice")
    assert (await table.lists(table.ben))[1] == 0


async def test_who_blocks_somebody_has_nothing_more_of_them_in_the_list(table: Table) -> None:
    await answer(table.ben, table.root)
    assert (await table.lists(table.ann))[1] == 1
    did(await table.ann.put(f"/api/users/{table.ben.id}/block"))
    assert (await table.lists(table.ann))[1] == 0
    await answer(table.ben, table.root)
    assert (await table.lists(table.ann))[1] == 0


async def test_who_deletes_the_message_for_themselves_has_no_entry_about_its_thread(
    table: Table,
) -> None:
    await answer(table.ben, table.root)
    await table.lists(table.ann)
    hidden = await table.ann.delete("/api/chat/messages", messageId=table.root["id"], scope="me")
    assert hidden.status_code == 204
    assert (await table.lists(table.ann))[:2] == ([], 0)


async def test_a_thread_that_was_read_before_anybody_wrote_the_entry_has_none(
    table: Table,
) -> None:
    """The handler looks at what is so, however late it comes."""
    async with held_up(table.kabar.db):
        sending = asyncio.create_task(answer(table.ben, table.root))
        reading = asyncio.create_task(read_thread(table.ann, table.root))
        await asyncio.sleep(0)
    await sending
    await reading
    await read_thread(table.ann, table.root)
    assert (await table.lists(table.ann))[1] == 0
