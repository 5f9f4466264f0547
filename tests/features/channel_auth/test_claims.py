"""Whose a socket is follows from what it shows, and not from who says so."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from kabar.engines.realtime.connection import holding
from kabar.engines.realtime.connection.holding import MAX_ASKERS
from kabar.server.app import Kabar
from tests.engines.realtime.support import frame
from tests.features.chat.line import Line
from tests.features.chat.talk import Ear, Json, did, group, refused, say
from tests.people import MakePerson, Person

AUTH = "/api/pusher/auth"


@pytest.fixture
async def ann(person: MakePerson) -> Person:
    return await person("ann")


@pytest.fixture
async def mallory(person: MakePerson) -> Person:
    return await person("mallory")


@pytest.fixture
async def room(ann: Person, mallory: Person) -> Json:
    return await group(ann, mallory)


def channels_of(room: Json, user: Person) -> list[str]:
    return [f"private-room-{room['id']}", f"presence-room-{room['id']}", f"private-user-{user.id}"]


async def listens(line: Line, room: Json, person: Person) -> None:
    """Open everything that somebody may hear."""
    for channel in channels_of(room, person):
        await line.subscribe(channel)
    await line.look_up(f"group-{room['id']}")
    await line.look_up(f"user-{person.id}")


async def ask_for(line: Line, by: Person, room: Json) -> None:
    """Have all sorts of things signed for a socket that is somebody else's."""
    asked = {"socket_id": line.socket_id, "channel_name": channels_of(room, by)}
    did(await by.post(AUTH, asked))
    for channel in channels_of(room, by):
        did(await by.browser.post(AUTH, data={**asked, "channel_name": channel}))
    did(await by.post("/api/pusher/user-auth", {"socket_id": line.socket_id}))


async def leave(mallory: Person, room: Json) -> httpx.Response:
    return await mallory.delete(f"/api/chat/rooms/{room['id']}/participants/{mallory.id}")


async def sign_out(mallory: Person, _room: Json) -> httpx.Response:
    return await mallory.post("/api/auth/logout")


Deed = Callable[[Person, Json], Awaitable[httpx.Response]]


@pytest.mark.parametrize("deed", [leave, sign_out])
@pytest.mark.parametrize("when", ["before", "after", "before and after"])
@pytest.mark.parametrize("is_signed_in", [True, False])
async def test_who_asks_for_anothers_socket_cuts_nothing_there(
    kabar: Kabar, ann: Person, mallory: Person, room: Json, deed: Deed, when: str, is_signed_in: Any
) -> None:
    line = Line(kabar, ann)
    if "before" in when:
        await ask_for(line, mallory, room)
    if is_signed_in:
        await line.sign_in()
    await listens(line, room, ann)
    if "after" in when:
        await ask_for(line, mallory, room)
    before = line.channels
    assert len(before) == 5

    assert (await deed(mallory, room)).is_success

    assert (line.is_open, line.channels) == (True, before)
    await line.heard()
    await say(ann, room, "still here")
    assert [channel for channel, _, _ in await line.heard("new-message")] == [before[0]]


@pytest.mark.parametrize("helped", [False, True])
async def test_who_leaves_hears_nothing_more_of_the_room_on_any_road(
    kabar: Kabar, ann: Person, mallory: Person, room: Json, helped: bool
) -> None:
    """Also not where another had something signed for the socket first, to pass for its user."""
    lines = []
    for channel in [*channels_of(room, mallory)[:2], f"group-{room['id']}"]:
        line = Line(kabar, mallory)
        if helped:
            await ask_for(line, ann, room)
        await (line.look_up if channel.startswith("group-") else line.subscribe)(channel)
        assert line.channels == [channel]
        lines.append(line)

    await leave(mallory, room)

    for line in lines:
        assert (line.is_open, line.channels) == (True, [])
        assert line._socket.heard[-1]["event"] == "pusher:error"


@pytest.mark.parametrize("helped", [False, True])
async def test_who_signs_out_hears_nothing_more_on_any_road(
    kabar: Kabar, ann: Person, mallory: Person, room: Json, helped: bool
) -> None:
    lines = []
    for channel in [*channels_of(room, mallory), f"group-{room['id']}", f"user-{mallory.id}", ""]:
        line = Line(kabar, mallory)
        if helped:
            await ask_for(line, ann, room)
        if not channel:
            await line.sign_in()
        elif channel.startswith(("private-", "presence-")):
            await line.subscribe(channel)
        else:
            await line.look_up(channel)
        lines.append(line)

    await sign_out(mallory, room)

    assert [line.code for line in lines] == [4200] * 6


@pytest.mark.parametrize("deed", [leave, sign_out])
async def test_what_was_signed_before_is_worth_nothing_afterwards(
    kabar: Kabar, mallory: Person, room: Json, deed: Deed
) -> None:
    channel = channels_of(room, mallory)[0]
    line = Line(kabar, mallory)
    signed = did(await mallory.post(AUTH, {"socket_id": line.socket_id, "channel_name": channel}))

    await deed(mallory, room)

    assert line.is_open
    line.resubscribe(channel, signed)
    assert (line.code, line.channels) == (4200, [])


@pytest.mark.parametrize("is_subscribed", [True, False])
@pytest.mark.parametrize("is_anothers", [True, False])
@pytest.mark.parametrize("deed", [leave, sign_out])
async def test_nobody_is_forgotten_by_having_much_signed(
    kabar: Kabar,
    ann: Person,
    mallory: Person,
    room: Json,
    monkeypatch: pytest.MonkeyPatch,
    deed: Deed,
    is_anothers: bool,
    is_subscribed: bool,
) -> None:
    """Whose the first signature was, as many as may follow, and whoever signs in on the socket."""
    monkeypatch.setattr(holding, "MAX_SIGNED", 3)
    assert kabar.realtime is not None
    channel = channels_of(room, mallory)[0]
    line = Ear(kabar.realtime, mallory)
    asked = {"socket_id": line.socket_id}
    signed = did(await mallory.post(AUTH, {**asked, "channel_name": channel}))
    if is_subscribed:
        line.resubscribe(channel, signed)
    for _ in range(5):
        other = await group(mallory)
        wanted = {**asked, "channel_name": f"private-room-{other['id']}"}
        did(await mallory.post(AUTH, wanted))
    if is_anothers:
        second = did(await ann.post("/api/pusher/user-auth", asked))
        line._node.receive(line._socket, frame("pusher:signin", second), 0.0)

    await deed(mallory, room)
    line.resubscribe(channel, signed)
    await say(ann, room)

    assert await line.heard("new-message") == []
    assert line.is_open is False or channel not in line._socket.connection.subscriptions


async def test_a_channel_of_a_group_is_for_its_participants(
    kabar: Kabar, ann: Person, mallory: Person, room: Json, person: MakePerson
) -> None:
    alias, stranger = f"group-{room['id']}", await person("stranger")
    for somebody, may_hear in ((ann, True), (mallory, True), (stranger, False)):
        line = Line(kabar, somebody)
        await line.look_up(alias)
        assert (line.channels == [alias]) == may_hear
    nowhere = Line(kabar, ann)
    await nowhere.look_up("group-nothing")
    assert nowhere._socket.heard[-1]["data"]["code"] == 4009


async def test_a_second_who_asks_for_a_socket_is_told_so_in_the_signature(
    kabar: Kabar, ann: Person, mallory: Person, room: Json
) -> None:
    """The first has what every library signs; which of two shows it can then be told apart."""
    channel = channels_of(room, ann)[0]
    line = Line(kabar, ann)
    asked = {"socket_id": line.socket_id, "channel_name": channel}
    for _ in range(2):
        assert set(did(await mallory.post(AUTH, asked))) == {"auth"}
    second = did(await ann.post(AUTH, asked))
    assert second["channel_data"] == f'{{"user_id":"{ann.id}"}}'
    line.resubscribe(channel, second)
    assert line.channels == [channel]
    assert line._socket.connection.holding.holders == (ann.id,)


async def test_only_so_many_people_may_ask_for_one_socket(
    kabar: Kabar, ann: Person, mallory: Person
) -> None:
    line = Line(kabar, ann)
    await line.subscribe(f"private-user-{ann.id}")
    for number in range(MAX_ASKERS):
        line._socket.connection.holding.ask(f"somebody-{number}")
    asked = {"socket_id": line.socket_id, "channel_name": f"private-user-{mallory.id}"}
    assert refused(await mallory.post(AUTH, asked)) == (403, "too_many_askers")
    did(await ann.post(AUTH, {**asked, "channel_name": f"private-user-{ann.id}"}))
