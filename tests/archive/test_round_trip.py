"""What was exported is imported on another database without a difference."""

from __future__ import annotations

import asyncio
import json
import stat
from pathlib import Path

import pytest
from sqlalchemy import create_engine, func, select
from sqlalchemy.engine import URL

from kabar.archive.errors import BadArchive
from kabar.archive.tables import DERIVED_TABLES, LEFT_OUT, TABLES
from kabar.features.accounts.models import NamePart, Session, User
from kabar.features.chat.marks import Reaction
from kabar.features.chat.models import Message
from kabar.infra.db.base import Base
from kabar.infra.db.outbox import OutboxRow
from kabar.server.app import Kabar
from tests.archive.conftest import brought, exported
from tests.features.keys.conftest import MakeApplication, application  # noqa: F401
from tests.patience import patiently
from tests.people import MakePerson

#: one of the two databases is always PostgreSQL
pytestmark = pytest.mark.journey


async def make_something_of_everything(
    kabar: Kabar, person: MakePerson, shop: MakeApplication
) -> None:
    ann, ben, cleo = [await person(name) for name in ("ann", "ben", "cleo")]
    app = await shop("users", "act")
    await app.call("PUT", "/api/users/robot-1", {"name": "Röbot 🤖", "isBot": True})
    await app.call("POST", "/api/users/robot-1/tokens", {"expiresAt": "2030-01-01T00:00:00Z"})
    await ann.patch("/api/me", {"username": "ann.2", "bio": 'Two lines\n"and" \\ more'})
    await cleo.patch("/api/me", {"isPrivate": True})
    for follower, followed in ((ann, ben), (ben, ann), (ann, cleo)):
        await follower.put(f"/api/users/{followed.id}/follow")
    sent = await ann.post(
        "/api/messages", {"receiverId": ben.id, "content": "Hi 👩‍👩‍👧", "clientId": "1"}
    )
    hello = sent.json()
    await ben.post(
        "/api/chat/send",
        {"roomId": hello["roomId"], "content": "Hello", "replyToId": hello["id"]},
    )
    await ben.put(f"/api/chat/messages/{hello['id']}/reactions/👍")
    room = (
        await ann.post("/api/chat/rooms", {"name": "Garden", "participantIds": [ben.id, cleo.id]})
    ).json()
    words = [
        (await ann.post("/api/chat/send", {"roomId": room["id"], "content": f"{n}"})).json()
        for n in range(5)
    ]
    poll = {"question": "Tea?", "options": ["Yes", "No"], "closesAt": "2027-01-01T00:00:00Z"}
    asked = await ann.post("/api/chat/send", {"roomId": room["id"], "poll": poll})
    for one in (ann, ben):
        await one.put(f"/api/chat/messages/{asked.json()['id']}/votes", {"optionIds": ["2"]})
    for content in ("in a thread", "and another"):
        said = {"roomId": room["id"], "threadId": words[0]["id"], "content": content}
        await ben.post("/api/chat/send", said)
    await ann.patch("/api/chat/messages", {"messageId": words[1]["id"], "content": "one"})
    await ann.delete("/api/chat/messages", messageId=words[2]["id"])
    await ben.post("/api/chat/read", {"roomId": room["id"], "messageId": words[3]["id"]})
    await ben.patch(f"/api/chat/rooms/{room['id']}/me", {"isMuted": True, "isPinned": True})
    gone = await person("gone")
    await gone.post("/api/messages", {"receiverId": ann.id, "content": "Goodbye"})
    await app.call("DELETE", f"/api/users/{gone.id}")
    waiting = select(func.count()).select_from(OutboxRow)
    async with patiently():
        while await kabar.db.read(lambda tx: tx.execute(waiting).scalar_one()):
            await asyncio.sleep(0)


async def test_there_is_no_difference_on_the_other_database_and_back(
    kabar: Kabar,
    person: MakePerson,
    application: MakeApplication,  # noqa: F811
    here: URL,
    other_database: URL,
    tmp_path: Path,
) -> None:
    await make_something_of_everything(kabar, person, application)
    there = exported(here, tmp_path / "first.jsonl")
    brought(other_database, tmp_path / "first.jsonl")

    assert exported(other_database, tmp_path / "second.jsonl") == there
    kinds = {json.loads(line)["kind"] for line in there}
    assert {"User", "Follow", "FollowRequest", "ChatRoom", "ChatParticipant", "Message"} < kinds
    assert {"KabarReaction", "KabarDeleted", "KabarFormerUsername", "KabarSession"} < kinds
    assert {"KabarVote", "KabarThreadFollower"} < kinds
    # What is made anew is the same, too.
    assert rows_of(other_database, NamePart) == rows_of(here, NamePart)
    assert rows_of(other_database, User) == rows_of(here, User)
    assert stat.S_IMODE((tmp_path / "first.jsonl").stat().st_mode) == 0o600


def rows_of(url: URL, table: type[Base]) -> list[str]:
    engine = create_engine(url)
    with engine.connect() as connection:
        found = sorted(repr(tuple(row)) for row in connection.execute(select(table)))
    engine.dispose()
    return found


async def test_an_import_is_repeated_and_goes_on_where_it_was_broken_off(
    kabar: Kabar,
    person: MakePerson,
    application: MakeApplication,  # noqa: F811
    here: URL,
    other_database: URL,
    tmp_path: Path,
) -> None:
    await make_something_of_everything(kabar, person, application)
    whole = tmp_path / "whole.jsonl"
    there = exported(here, whole)
    lines = whole.read_text().splitlines(keepends=True)
    broken = tmp_path / "broken.jsonl"
    broken.write_text("".join(lines[: len(lines) // 2]) + '{"kind": "User", "id":')

    with pytest.raises(BadArchive, match=f"line {len(lines) // 2 + 1}: this is no JSON"):
        brought(other_database, broken)
    first = brought(other_database, whole).imported
    again = brought(other_database, whole).imported

    assert first.new
    assert again.new.total() == 0
    assert again.known.total() == len(there) - 1
    assert exported(other_database, tmp_path / "again.jsonl") == there


def test_every_table_is_in_an_archive_or_left_out_for_a_reason() -> None:
    every = {table.name for table in Base.metadata.sorted_tables}
    assert set(TABLES) | LEFT_OUT | DERIVED_TABLES == every
    assert {each.__tablename__ for each in (User, Message, Reaction, Session)} <= set(TABLES)


async def test_what_is_there_already_stays_as_it_is(
    kabar: Kabar, person: MakePerson, here: URL, tmp_path: Path
) -> None:
    ann = await person("ann")
    exported(here, tmp_path / "a.jsonl")
    await ann.patch("/api/me", {"name": "Ann Newname"})

    imported = brought(here, tmp_path / "a.jsonl").imported

    assert imported.new.total() == 0
    name = select(User.name, func.count()).group_by(User.name)
    assert (await kabar.db.read(lambda tx: tx.execute(name).one()))[0] == "Ann Newname"
