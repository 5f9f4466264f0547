"""Laravel Echo, unmodified, against an engine and an application that signs with an SDK."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.engines.realtime.sdks.application import Application, application
from tests.engines.realtime.sdks.client_sdks import Echo, echo
from tests.engines.realtime.sdks.server_sdks import PythonSdk
from tests.engines.realtime.support import Running

#: what an application writes, and the channel that Echo then asks for
KINDS = {
    "channel": "orders",
    "private": "private-orders",
    "encryptedPrivate": "private-encrypted-orders",
    "join": "presence-orders",
}
NOTIFICATION = "Illuminate\\Notifications\\Events\\BroadcastNotificationCreated"


@pytest.fixture
def sdk(server: Running) -> PythonSdk:
    return PythonSdk(server.port)


@pytest.fixture
async def signer(sdk: PythonSdk) -> AsyncIterator[Application]:
    async with application(sdk) as found:
        yield found


@pytest.fixture
async def alice(server: Running, signer: Application) -> AsyncIterator[Echo]:
    async with echo(server, signer, "alice") as found:
        yield found


@pytest.mark.parametrize(
    "options", [{"broadcaster": "reverb"}, {"broadcaster": "pusher", "cluster": "mt1"}]
)
async def test_it_hears_events_under_the_names_that_laravel_gives_them(
    server: Running, signer: Application, sdk: PythonSdk, options: dict[str, str]
) -> None:
    async with echo(server, signer, "alice", **options) as alice:
        for number, (how, channel) in enumerate(KINDS.items(), start=1):
            await alice.open(how, "orders")
            await alice.listen(how, "orders", "OrderShipped")
            await alice.listen(how, "orders", ".order.named")
            for event in ("App\\Events\\OrderShipped", "order.named"):
                await sdk.trigger([channel], event, {"at": channel})
            for heard in ("OrderShipped", ".order.named"):
                assert await alice.wait_for(heard, times=number) == {"at": channel}


async def test_notifications_come_on_the_users_own_channel(alice: Echo, sdk: PythonSdk) -> None:
    await alice.open("private", "App.Models.User.1")
    await alice.do("notification", how="private", channel="App.Models.User.1")
    await sdk.trigger(["private-App.Models.User.1"], NOTIFICATION, {"id": "n1"})
    assert await alice.wait_for("notification") == {"id": "n1"}


async def test_who_is_here_joins_and_leaves(
    server: Running, signer: Application, alice: Echo
) -> None:
    await alice.open("join", "room")
    assert await alice.wait_for("here", "room") == [{"name": "Alice"}]
    async with echo(server, signer, "bob") as bob:
        await bob.open("join", "room")
        here = await bob.wait_for("here", "room")
        assert {each["name"] for each in here} == {"Alice", "Bob"}
        assert await alice.wait_for("joining", "room") == {"name": "Bob"}
        await bob.do("leave", channel="room")
        assert await alice.wait_for("leaving", "room") == {"name": "Bob"}
        await bob.open("join", "room")
        assert await alice.wait_for("joining", "room", times=2) == {"name": "Bob"}
    assert await alice.wait_for("leaving", "room", times=2) == {"name": "Bob"}


@pytest.mark.parametrize("how", ["private", "join"])
async def test_a_whisper_reaches_the_others_and_not_its_own_client(
    server: Running, signer: Application, alice: Echo, how: str
) -> None:
    async with echo(server, signer, "bob") as bob:
        for each in (alice, bob):
            await each.open(how, "room")
            await each.do("listenForWhisper", how=how, channel="room", event="typing")
        await alice.do("whisper", how=how, channel="room", event="typing", data={"name": "Alice"})
        assert await bob.wait_for("typing", "room") == {"name": "Alice"}
        await bob.do("whisper", how=how, channel="room", event="typing", data={"name": "Bob"})
        assert await alice.wait_for("typing", "room") == {"name": "Bob"}
        assert len(alice.data_of("typing")) == 1


async def test_who_leaves_a_channel_hears_it_no_more(alice: Echo, sdk: PythonSdk) -> None:
    """`Echo.leave` leaves the public, private, encrypted and presence channel of that name."""
    for how in KINDS:
        await alice.open(how, "room")
        await alice.listen(how, "room", ".news")
    await alice.do("leave", channel="room")
    await alice.is_through()
    for channel in (each.replace("orders", "room") for each in KINDS.values()):
        answer = await sdk.does("channel_info", channel)
        assert answer == {"occupied": False}
        await sdk.trigger([channel], "news", {})
    await alice.is_through()
    assert alice.data_of(".news") == []


async def test_what_the_application_does_not_sign_is_not_heard(alice: Echo, sdk: PythonSdk) -> None:
    await alice.do("open", how="private", channel="forbidden")
    refused = await alice.wait_for("refused", "forbidden")
    assert (refused["type"], refused["status"]) == ("AuthError", 403)
    assert await sdk.does("channels_info") == {"channels": {}}


async def test_broadcasting_to_others_leaves_out_the_socket_that_asked(
    server: Running, signer: Application, alice: Echo, sdk: PythonSdk
) -> None:
    """`broadcast(…)->toOthers()`: Echo tells its socket id, the application hands it on."""
    async with echo(server, signer, "bob") as bob:
        for each in (alice, bob):
            await each.open("private", "room")
            await each.listen("private", "room", ".news")
        (socket_id,) = alice.data_of("connected")
        await sdk.does("trigger", "private-room", "news", {"n": 1}, socket_id)
        await sdk.does("trigger", "private-room", "news", {"n": 2})
        assert await bob.wait_for(".news", times=2) == {"n": 2}
        assert await alice.wait_for(".news") == {"n": 2}


async def test_after_a_new_connection_everything_is_heard_again_and_once(
    alice: Echo, sdk: PythonSdk
) -> None:
    await alice.open("join", "room")
    await alice.listen("join", "room", ".news")
    await alice.do("reconnect")
    await alice.wait_for("subscribed", "room", times=2)
    await sdk.trigger(["presence-room"], "news", {"n": 1})
    await alice.wait_for(".news")
    await alice.is_through()
    assert alice.data_of(".news") == [{"n": 1}]


async def test_it_signs_in(alice: Echo, sdk: PythonSdk) -> None:
    await alice.do("signin")
    signed_in = await alice.wait_for("pusher:signin_success")
    assert signed_in["user_data"].startswith('{"id": "alice"')
