"""Who may subscribe: one channel in a call, or many."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from litestar import Litestar
from litestar.di import Provide

from kabar.engines.realtime.protocol import signing
from kabar.features.accounts.callers import Callers
from kabar.features.channel_auth.description import MAX_CHANNELS
from kabar.features.channel_auth.routes import ROUTES, ChannelGuard, Signing
from kabar.infra.db import Units
from kabar.infra.http.parts import Parts
from kabar.server.app import Kabar
from tests.features.chat.talk import Ear, Json, did, direct_room, refused
from tests.people import MakePerson, Person, browser_of

PATH = "/api/pusher/auth"


@pytest.fixture
async def ann(person: MakePerson) -> Person:
    return await person("ann")


@pytest.fixture
async def ben(person: MakePerson) -> Person:
    return await person("ben")


@pytest.fixture
async def room(ann: Person, ben: Person) -> Json:
    return await direct_room(ann, ben)


def php_form(channels: Sequence[str]) -> dict[str, Any]:
    names = {f"channel_name[{i}]": name for i, name in enumerate(channels)}
    return {"data": {"socket_id": "1.2", **names}}


def plain_form(channels: Sequence[str]) -> dict[str, Any]:
    return {"data": {"socket_id": "1.2", "channel_name[]": list(channels)}}


def as_json(channels: Sequence[object]) -> dict[str, Any]:
    return {"json": {"socket_id": "1.2", "channel_name": channels}}


Write = Callable[[Sequence[str]], dict[str, Any]]


@pytest.mark.parametrize("write", [php_form, plain_form, as_json])
async def test_many_channels_in_one_call_have_an_answer_each(
    kabar: Kabar, ann: Person, ben: Person, room: Json, write: Write
) -> None:
    """In the shape that the plug-in pusher-js-auth expects."""
    mine, private = f"private-user-{ann.id}", f"private-room-{room['id']}"
    presence, theirs = f"presence-room-{room['id']}", f"private-user-{ben.id}"
    wanted = [mine, private, presence, theirs, "private-nobody", "a:b", mine]

    answers = did(await ann.browser.post(PATH, **write(wanted)))

    assert list(answers) == [*wanted[:6]]
    assert answers[theirs] == {"status": 403, "code": "channel_forbidden"}
    assert answers["private-nobody"] == {"status": 403, "code": "channel_forbidden"}
    assert answers["a:b"] == {"status": 400, "code": "bad_channel_name"}
    assert kabar.realtime is not None
    app = kabar.realtime.app
    for channel in (mine, private, presence):
        assert answers[channel]["status"] == 200
        data = answers[channel]["data"]
        text = signing.subscription_text("1.2", channel, data.get("channel_data"))
        assert data["auth"] == f"{app.key}:{signing.sign(app.secret, text)}"
    assert "channel_data" not in answers[private]["data"]
    assert json.loads(answers[presence]["data"]["channel_data"])["user_id"] == ann.id


@pytest.mark.parametrize("write", [php_form, plain_form, as_json])
async def test_a_list_of_one_is_a_list(ann: Person, write: Write) -> None:
    channel = f"private-user-{ann.id}"
    alone = did(await ann.post(PATH, {"socket_id": "1.2", "channel_name": channel}))

    answers = did(await ann.browser.post(PATH, **write([channel])))

    assert set(alone) == {"auth"}
    assert answers == {channel: {"status": 200, "data": alone}}


async def test_what_is_signed_in_one_call_is_good(kabar: Kabar, ann: Person, room: Json) -> None:
    assert kabar.realtime is not None
    ear = Ear(kabar.realtime, ann)
    channels = [f"private-room-{room['id']}", f"presence-room-{room['id']}"]
    asked = {"socket_id": ear.socket_id, "channel_name": channels}

    answers = did(await ann.post(PATH, asked))
    for channel in channels:
        ear.resubscribe(channel, answers[channel]["data"])

    told = [
        f["channel"]
        for f in ear._socket.heard
        if f["event"] == "pusher_internal:subscription_succeeded"
    ]
    assert told == channels


async def test_a_wrong_list_is_refused(ann: Person) -> None:
    table: list[tuple[Any, str]] = [
        ([], "bad_channel_name"),
        ([1], "bad_channel_name"),
        (["private-a", None], "bad_channel_name"),
        ([["private-a"]], "bad_channel_name"),
        ({"0": "private-a"}, "bad_channel_name"),
        (["private-a"] * (MAX_CHANNELS + 1), "too_many_channels"),
    ]
    for channels, code in table:
        assert refused(await ann.browser.post(PATH, **as_json(channels))) == (400, code), channels


async def test_a_form_may_not_have_any_number_of_fields(ann: Person) -> None:
    most = php_form([f"private-{number}" for number in range(MAX_CHANNELS)])
    assert set(did(await ann.browser.post(PATH, **most))) == set(most["data"].values()) - {"1.2"}

    many = {"socket_id": "1.2", **{f"field{n}": "x" for n in range(250)}}
    assert refused(await ann.browser.post(PATH, data=many)) == (400, "too_many_fields")


async def test_a_name_that_no_text_can_hold_breaks_nothing(ann: Person) -> None:
    """Half of a surrogate pair is JSON, and no UTF-8."""
    body = b'{"socket_id":"1.2","channel_name":["private-\\ud800"]}'
    headers = {"content-type": "application/json"}
    answer = await ann.browser.post(PATH, content=body, headers=headers)
    assert answer.status_code == 400


# ── what guards are asked ────────────────────────────────────────────────────────────────────


class Asked:
    """A guard that lets everybody in, and remembers what it was asked."""

    def __init__(self, see: Callable[[], object] = lambda: None) -> None:
        self.all: list[tuple[str, ...]] = []
        self.seen: list[object] = []
        self._see = see

    async def guard(self, _db: Units, _user_id: str, channels: Sequence[str]) -> set[str]:
        self.all.append(tuple(channels))
        self.seen.append(self._see())
        return set(channels)


@asynccontextmanager
async def guarded(
    kabar: Kabar, caller: Person, guards: Mapping[str, ChannelGuard]
) -> AsyncIterator[httpx.AsyncClient]:
    application = Litestar(
        [*ROUTES],
        dependencies={
            "caller": Provide(lambda: caller.identity, sync_to_thread=False),
            "lookup": Provide(lambda: Callers(kabar.db, kabar.sessions), sync_to_thread=False),
            "db": Provide(lambda: kabar.db, sync_to_thread=False),
        },
    )
    asgi = Parts(Signing(kabar.realtime, guards)).in_front_of(application)
    async with browser_of(asgi, token=caller.token) as browser:
        yield browser


async def test_each_guard_is_asked_once_for_all_of_its_channels(kabar: Kabar, ann: Person) -> None:
    rooms, others = Asked(), Asked()
    guards = {"private-room-": rooms.guard, "presence-room-": rooms.guard, "private-": others.guard}
    wanted = ["private-room-1", "private-x", "presence-room-1", "private-room-2", "a:b", "public"]

    async with guarded(kabar, ann, guards) as browser:
        answers = did(await browser.post(PATH, **as_json(wanted)))

    assert rooms.all == [("private-room-1", "presence-room-1", "private-room-2")]
    assert others.all == [("private-x",)]
    assert [answers[name]["status"] for name in wanted] == [200, 200, 200, 200, 400, 403]


async def test_it_is_known_whose_the_socket_is_before_a_guard_looks(
    kabar: Kabar, ann: Person
) -> None:
    """Who is removed from a room between the look and the signature must be found and cut."""
    assert kabar.realtime is not None
    space = kabar.realtime._node.hub.space(kabar.realtime.app.id)
    asked = Asked(lambda: {s.connection.socket_id for s in space.by_user.get(ann.id, ())})
    first, second = Ear(kabar.realtime, ann).socket_id, Ear(kabar.realtime, ann).socket_id
    assert ann.id not in space.by_user

    async with guarded(kabar, ann, {"private-": asked.guard}) as browser:
        did(await browser.post(PATH, json={"socket_id": first, "channel_name": "private-a"}))
        did(await browser.post(PATH, json={"socket_id": second, "channel_name": ["private-a"]}))

    assert asked.seen == [{first}, {first, second}]


# ── who is seen in a presence channel ────────────────────────────────────────────────────────


async def test_a_long_avatar_does_not_shut_its_owner_out_of_presence(
    kabar: Kabar, ann: Person, room: Json
) -> None:
    """Presence takes a kilobyte about each member; others see them without the picture."""
    assert kabar.realtime is not None
    channel = f"presence-room-{room['id']}"
    for length, is_shown in ((500, True), (501, False), (2_000, False)):
        avatar = "https://pictures.example/".ljust(length, "x")
        did(await ann.patch("/api/me", {"avatar": avatar}))
        ear = Ear(kabar.realtime, ann)

        await ear.subscribe(channel)

        told = {frame["event"]: frame["data"] for frame in ear._socket.heard}
        members = json.loads(told["pusher_internal:subscription_succeeded"])["presence"]
        assert members["ids"] == [ann.id]
        assert members["hash"][ann.id]["avatar"] == (avatar if is_shown else None)
        ear._socket.close(1000, "")
