"""Does a stock Laravel Echo, authorised by Kabar itself, show a room as it is?"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager

import pytest

from tests.engines.realtime.sdks.client_sdks import Echo, echo_of
from tests.journeys.persons import Person
from tests.journeys.process import KabarProcess

pytestmark = pytest.mark.journey

MakePerson = Callable[[str], Awaitable[Person]]


def echo(server: KabarProcess, person: Person) -> AbstractAsyncContextManager[Echo]:
    return echo_of(server.port, f"{server.url}/api/pusher", person.token, key=server.app_key)


@pytest.fixture
async def ann(person: MakePerson) -> Person:
    return await person("Ann")


@pytest.fixture
async def anns(server: KabarProcess, ann: Person) -> AsyncIterator[Echo]:
    async with echo(server, ann) as found:
        yield found


async def test_it_hears_a_room_and_sees_who_is_there(
    server: KabarProcess, ann: Person, anns: Echo, person: MakePerson
) -> None:
    budi = await person("Budi")
    room = f"room-{await ann.room_with(budi)}"
    await anns.open("private", room)
    await anns.listen("private", room, ".new-message")
    await anns.open("join", room)
    (here,) = await anns.wait_for("here", room)
    assert here["username"] == ann.username

    async with echo(server, budi) as budis:
        await budis.open("join", room)
        assert (await anns.wait_for("joining", room))["username"] == budi.username
        sent = await budi.say(room.removeprefix("room-"), "Selamat pagi")
        assert await anns.wait_for(".new-message", room) == sent

    assert (await anns.wait_for("leaving", room))["username"] == budi.username


async def test_it_hears_what_concerns_its_user_after_signing_in(
    ann: Person, anns: Echo, person: MakePerson
) -> None:
    budi = await person("Budi")
    await anns.do("signin")
    await anns.wait_for("pusher:signin_success")
    # `Echo.channel` asks for no signature: the connection is known by its sign-in.
    for how in ("channel", "private"):
        await anns.open(how, f"user-{ann.id}")
        await anns.listen(how, f"user-{ann.id}", ".new-follower")

    await budi.did("PUT", f"/api/users/{ann.id}/follow")

    followers = [await anns.wait_for(".new-follower", times=n) for n in (1, 2)]
    assert [each["userId"] for each in followers] == [budi.id, budi.id]


async def test_a_room_of_others_is_refused(ann: Person, anns: Echo, person: MakePerson) -> None:
    budi, cleo = await person("Budi"), await person("Cleo")
    room = f"room-{await budi.room_with(cleo)}"
    for how in ("private", "join"):
        await anns.do("open", how=how, channel=room)
    refusals = [await anns.wait_for("refused", room, times=n) for n in (1, 2)]
    assert [each["status"] for each in refusals] == [403, 403]
