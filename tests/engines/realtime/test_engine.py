"""The engine as the rest of the program uses it."""

from __future__ import annotations

from kabar.core.events import Publication
from kabar.engines.broker import Carried
from kabar.engines.broker.memory import MemoryBroker
from kabar.engines.realtime.apps.apps import Apps
from kabar.engines.realtime.engine import Realtime
from kabar.engines.realtime.limits import RealtimeLimits
from tests.engines.realtime.support import (
    APP,
    OTHER_APP,
    SOCKET_ID,
    Running,
    client,
    frame,
    sign_in,
)
from tests.patience import patiently


def say(channel: str, data: str = "d", *, app_id: str = "", excluded: str = "") -> Publication:
    return Publication(
        channels=(channel,), event="e", data=data, app_id=app_id, except_socket=excluded or None
    )


async def test_what_is_published_is_heard_in_order_except_by_its_cause(server: Running) -> None:
    async with client(server) as alice, client(server) as bob:
        await alice.subscribe("a")
        await bob.subscribe("a")
        server.realtime.publish([say("a", str(number)) for number in range(20)])
        server.realtime.publish([say("a", "alice's", excluded=alice.socket_id), say("a", "last")])
        assert [(await alice.hear())["data"] for _ in range(21)] == [
            *map(str, range(20)),
            "last",
        ]
        assert [(await bob.hear())["data"] for _ in range(22)][-2:] == ["alice's", "last"]


async def test_an_event_that_names_no_app_is_for_kabars_own(server: Running) -> None:
    async with client(server) as ours, client(server, "/app/other-key?protocol=7") as theirs:
        await ours.subscribe("a")
        await theirs.subscribe("a")
        server.realtime.publish([say("a", "ours"), say("a", "theirs", app_id=OTHER_APP.id)])
        assert (await ours.hear())["data"] == "ours"
        assert (await theirs.hear())["data"] == "theirs"
        assert await ours.is_silent()
        assert await theirs.is_silent()


async def test_a_user_for_whom_it_was_signed_can_be_cut_off_a_channel(server: Running) -> None:
    realtime = server.realtime
    async with client(server) as alice, client(server) as bob:
        for person, user_id in ((alice, "7"), (bob, "8")):
            realtime.note_asker(person.socket_id, user_id)
            signed = realtime.authorize(person.socket_id, "private-room-1", user_id=user_id)
            await person.say(frame("pusher:subscribe", {"channel": "private-room-1", **signed}))
            assert (await person.hear())["event"] == "pusher_internal:subscription_succeeded"
        realtime.publish([say("private-room-1", "secret")])
        realtime.revoke("private-room-1", "7")
        assert (await alice.hear())["event"] == "pusher:error"
        assert await alice.is_silent()
        assert (await bob.hear())["data"] == "secret"
        # What was signed once is right for as long as the socket is there: so it has to go.
        signed = realtime.authorize(alice.socket_id, "private-room-1", user_id="7")
        await alice.say(frame("pusher:subscribe", {"channel": "private-room-1", **signed}))
        assert (await alice.closing())[0] == 4200


async def test_whose_session_ended_has_to_come_back_and_nobody_else(server: Running) -> None:
    async with client(server) as alice, client(server) as phone, client(server) as bob:
        await alice.say(sign_in({"id": "7"}, socket_id=alice.socket_id))
        await alice.hear()
        for person, user_id in ((phone, "7"), (bob, "8")):
            server.realtime.note_asker(person.socket_id, user_id)
            signed = server.realtime.authorize(person.socket_id, "private-a", user_id=user_id)
            await person.say(frame("pusher:subscribe", {"channel": "private-a", **signed}))
            await person.hear()

        server.realtime.reauthorize("7")

        assert (await alice.closing())[0] == 4200
        assert (await phone.closing())[0] == 4200
        assert await bob.is_silent()


async def test_what_happens_is_counted(server: Running) -> None:
    stats = server.realtime.stats
    async with client(server) as alice, client(server) as bob:
        await alice.subscribe("a")
        await bob.subscribe("a")
        server.realtime.publish([say("a"), say("b")])
        await alice.hear()
        await bob.hear()
        assert server.realtime.stats.connections == 2
        assert stats.messages_in == 2
        assert stats.publications == 2
        # Two greetings, two confirmations, two deliveries.
        assert server.realtime.stats.messages_out == 6


async def test_publishing_never_fails() -> None:
    class Broken(MemoryBroker):
        def publish(self, carried: Carried) -> None:
            raise OSError("no broker")

    realtime = Realtime(apps=Apps([APP]), broker=Broken(), limits=RealtimeLimits())
    realtime.publish([say("a")])
    whole = Realtime(apps=Apps([APP]), broker=MemoryBroker(), limits=RealtimeLimits())
    whole.publish([say("a")])
    whole.revoke("a", "7")
    whole.note_asker(SOCKET_ID, "7")
    assert whole.authorize(SOCKET_ID, "private-a", user_id="7").keys() == {"auth"}


async def test_closing_sends_everybody_elsewhere_and_waits_for_them(server: Running) -> None:
    async with client(server) as alice, client(server) as bob:
        async with patiently():
            await server.realtime.close()
        assert (await alice.closing())[0] == 4200
        assert (await bob.closing())[0] == 4200
        assert server.realtime.stats.connections == 0
