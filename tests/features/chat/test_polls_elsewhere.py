"""Polls on every road: sync, search, the bell, replays, and what is left of who was erased."""

from __future__ import annotations

from typing import Any

import pytest

from kabar.core.times import utc_now
from kabar.features.chat.polls import erasure
from kabar.features.chat.polls.events import PollClosed, PollVoted
from kabar.features.chat.polls.kept import KeptPoll
from kabar.features.chat.polls.schemas import PollView
from kabar.features.chat.search.indexing import index_messages
from kabar.server.app import Kabar
from tests.features.chat.sync.test_sync import since_now, sync
from tests.features.chat.talk import Json, channel_of, delete, did, group, listen, say
from tests.features.chat.test_late import left_over
from tests.features.chat.test_polls import LUNCH, ask, close, counts, mine, seen, vote
from tests.features.keys.conftest import MakeApplication, application  # noqa: F401
from tests.features.keys.test_erasing import erase
from tests.people import Person


async def test_who_was_away_is_told_how_it_stands_with_their_own_vote(
    ann: Person, ben: Person, room: Json
) -> None:
    asked = await ask(ann, room)
    did(await vote(ben, asked, "1"))
    since = await since_now(ben)
    did(await vote(ann, asked, "1"))
    did(await vote(ann, asked, "2"))

    (event,) = (await sync(ben, since))["events"]

    assert (event["type"], event["data"]["messageId"]) == ("poll-voted", asked["id"])
    assert (counts(event["data"]), mine(event["data"])) == ([1, 1, 0], ["1"])
    assert event["data"]["version"] == 3
    assert ann.id not in str(event)

    did(await close(ann, asked))
    (event,) = (await sync(ben, since))["events"]
    assert (event["type"], event["data"]["poll"]["closed"]) == ("poll-closed", True)
    await delete(ann, asked)
    assert [each["type"] for each in (await sync(ben, since))["events"]] == ["message-deleted"]


async def test_a_new_poll_comes_as_a_message_that_has_it(
    ann: Person, ben: Person, room: Json
) -> None:
    since = await since_now(ben)
    asked = await ask(ann, room)
    did(await vote(ben, asked, "3"))

    told = {each["type"]: each["data"] for each in (await sync(ben, since))["events"]}

    assert counts(told["new-message"]) == [0, 0, 1]
    assert mine(told["new-message"]) == ["3"]


async def found(kabar: Kabar, person: Person, q: str = "", **more: Any) -> list[Json]:
    await index_messages(kabar.db)
    page = did(await person.get("/api/chat/search", q=q, **more))
    messages: list[Json] = page["messages"]
    return messages


async def test_it_is_found_by_its_question_and_by_its_words(
    kabar: Kabar, ann: Person, ben: Person, room: Json
) -> None:
    await say(ann, room, "Where is everybody?")
    await ask(ann, room, question="Rice or noodles?")
    await ask(ann, room, "Hungry 🍜 people", question="Where do we eat noodles?")

    (first, second) = await found(kabar, ben, "noodles")
    assert (first["content"], first["highlights"]) == ("Hungry 🍜 people", [])
    assert (second["content"], second["highlights"]) == ("Rice or noodles?", [[8, 15]])
    (both,) = await found(kabar, ben, "people eat")
    assert both["highlights"] == [[10, 16]]
    assert [each["poll"]["question"] for each in await found(kabar, ben, has="poll")] == [
        "Where do we eat noodles?",
        "Rice or noodles?",
    ]
    assert mine(first) == []


async def test_the_bell_says_what_is_asked(
    kabar: Kabar, ann: Person, ben: Person, room: Json
) -> None:
    ear = await listen(kabar, ben, f"private-user-{ben.id}")

    await ask(ann, room)

    ((_, _, bell),) = await ear.heard("new-message")
    assert bell["content"] == "Poll: Where do we eat?"
    (entry,) = did(await ben.get("/api/notifications"))["notifications"]
    assert entry["body"] == "Poll: Where do we eat?"


async def test_an_answer_quotes_what_is_asked(ann: Person, ben: Person, room: Json) -> None:
    asked = await ask(ann, room)

    answer = await say(ben, room, "Padang!", replyToId=asked["id"])

    assert answer["replyTo"]["content"] == "Poll: Where do we eat?"


def as_asked() -> PollView:
    return KeptPoll(LUNCH["question"], []).view(utc_now())


async def test_a_vote_is_told_as_the_poll_stands_now_and_not_once_it_is_deleted(
    kabar: Kabar, ann: Person, ben: Person, room: Json
) -> None:
    asked, gone = await ask(ann, room), await ask(ann, room)
    did(await vote(ben, asked, "1"))
    did(await vote(ben, asked, "2"))
    did(await close(ann, asked))
    await delete(ann, gone)
    ear = await listen(kabar, ben, channel_of(room), f"private-user-{ben.id}")
    kinds: list[tuple[Any, Json]] = [
        (PollVoted, {"voter_id": ben.id, "chosen": ["1"]}),
        (PollClosed, {}),
    ]
    untold = [
        kind(
            room_id=room["id"],
            message_id=message["id"],
            seq=message["seq"],
            poll=as_asked(),
            version=1,
            socket_id=None,
            **more,
        )
        for message in (asked, gone)
        for kind, more in kinds
    ]

    await left_over(kabar, *untold)

    told = await ear.heard()
    for _, _, data in told:
        assert data["messageId"] == asked["id"]
        assert (counts(data), data["version"], data["poll"]["closed"]) == ([0, 1, 0], 3, True)
    assert [event for channel, event, _ in told if channel == channel_of(room)] == [
        "poll-voted",
        "poll-closed",
    ]
    (own,) = [data for channel, _, data in told if channel != channel_of(room)]
    assert mine(own) == ["2"]


async def test_the_votes_of_who_is_erased_are_gone_and_counts_are_those_of_the_rest(
    kabar: Kabar,
    ann: Person,
    ben: Person,
    application: MakeApplication,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(erasure, "_AT_ONCE", 2)
    room = await group(ann, ben)
    polls = [await ask(ann, room, multiple=True) for _ in range(3)]
    for asked in polls:
        did(await vote(ann, asked, "1"))
        did(await vote(ben, asked, "1", "3"))
    did(await close(ann, polls[0]))
    ear = await listen(kabar, ann, channel_of(room))

    await erase(kabar, await application("users", "act"), ben)

    assert counts(await seen(ann, room)) == [1, 0, 0]
    told = await ear.heard("poll-voted")
    assert [counts(data) for _, _, data in told] == [[1, 0, 0]] * 3
    assert [data["poll"]["votersCount"] for _, _, data in told] == [1, 1, 1]
