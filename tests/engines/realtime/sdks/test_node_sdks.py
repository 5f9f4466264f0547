"""The official Node SDK and its fork for edge runtimes, unmodified, against a real server."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import pytest

from tests.engines.realtime.sdks.server_sdks import NodeSdk, SdkError, node_sdk
from tests.engines.realtime.support import Running, client, frame
from tests.engines.realtime.webhooks.receiver import app_telling, receiving, working

LIBRARIES = ["pusher", "pusher-http-edge"]


@pytest.fixture(params=LIBRARIES)
async def sdk(request: pytest.FixtureRequest, server: Running) -> AsyncIterator[NodeSdk]:
    async with node_sdk(request.param, server) as found:
        yield found


async def test_it_triggers_and_clients_hear(server: Running, sdk: NodeSdk) -> None:
    async with client(server) as alice:
        for channel in ("a", "private-a"):
            await alice.subscribe(channel)
        # `{}` and nothing else: their own tests compare.
        assert await sdk.does("trigger", "a", "e", {"ä": 1}) == {}
        assert await sdk.does("trigger", ["a", "private-a"], "f", "text") == {}
        assert await sdk.does("trigger", "a", "g", "", {"socket_id": alice.socket_id}) == {}
        batch = [{"channel": "a", "name": "h", "data": {"n": n}} for n in range(2)]
        assert await sdk.does("triggerBatch", batch) == {}
        heard = [await alice.hear() for _ in range(5)]
        assert json.loads(heard[0]["data"]) == {"ä": 1}
        assert {each["channel"] for each in heard[1:3]} == {"a", "private-a"}
        assert [each["event"] for each in heard] == ["e", "f", "f", "h", "h"]
        assert await alice.is_silent()


async def test_it_is_told_of_the_channels_it_triggers_on(server: Running, sdk: NodeSdk) -> None:
    info = {"info": "user_count,subscription_count"}
    async with client(server) as alice:
        await alice.subscribe("a")
        await alice.join("alice", "presence-a")
        channels = ["a", "presence-a", "presence-b"]
        assert await sdk.does("trigger", channels, "e", "", info) == {
            "channels": {
                "a": {"subscription_count": 1},
                "presence-a": {"user_count": 1, "subscription_count": 1},
                "presence-b": {"user_count": 0, "subscription_count": 0},
            }
        }
        batch = [
            {"channel": "a", "name": "e", "data": "", "info": "subscription_count"},
            {"channel": "a", "name": "e", "data": ""},
        ]
        assert await sdk.does("triggerBatch", batch) == {"batch": [{"subscription_count": 1}, {}]}


async def test_it_asks_about_channels(server: Running, sdk: NodeSdk) -> None:
    async with client(server) as alice:
        await alice.join("alice", "presence-a")
        await alice.subscribe("a")
        ask = {"filter_by_prefix": "presence-", "info": "user_count"}
        for path, parameters, answer in (
            ("/channels", {}, {"channels": {"a": {}, "presence-a": {}}}),
            ("/channels", ask, {"channels": {"presence-a": {"user_count": 1}}}),
            (
                "/channels/a",
                {"info": "subscription_count"},
                {"occupied": True} | {"subscription_count": 1},
            ),
            ("/channels/nobody", {}, {"occupied": False}),
            ("/channels/presence-a/users", {}, {"users": [{"id": "alice"}]}),
        ):
            assert await sdk.does("get", {"path": path, "params": parameters}) == answer


async def test_what_it_authorises_is_let_in(server: Running, sdk: NodeSdk) -> None:
    async with client(server) as alice:
        signed = await sdk.authorize(alice.socket_id, "private-a", None)
        await alice.say(frame("pusher:subscribe", {"channel": "private-a", **signed}))
        assert (await alice.hear())["event"] == "pusher_internal:subscription_succeeded"
        member = {"user_id": "alice", "user_info": {"name": "Ä"}}
        signed = await sdk.authorize(alice.socket_id, "presence-a", member)
        await alice.say(frame("pusher:subscribe", {"channel": "presence-a", **signed}))
        roster = json.loads((await alice.hear())["data"])["presence"]
        assert roster["hash"] == {"alice": {"name": "Ä"}}


async def test_it_signs_users_in_talks_to_them_and_puts_them_out(
    server: Running, sdk: NodeSdk
) -> None:
    async with client(server) as alice, client(server) as bob:
        for person, user_id in ((alice, "7"), (bob, "8")):
            signed = await sdk.authenticate(person.socket_id, {"id": user_id})
            await person.say(frame("pusher:signin", signed))
            assert (await person.hear())["event"] == "pusher:signin_success"
            await person.subscribe(f"#server-to-user-{user_id}")
        assert await sdk.send_to_user("7", "hello", {"n": 1}) == {}
        heard = await alice.hear()
        assert (heard["channel"], heard["event"]) == ("#server-to-user-7", "hello")
        assert await sdk.does("terminateUserConnections", "7") == {}
        assert (await alice.closing())[0] == 4009
        assert await bob.is_silent()


@pytest.mark.parametrize("library", LIBRARIES)
async def test_it_finds_our_webhooks_genuine_and_others_not(library: str) -> None:
    async with receiving() as receiver:
        app = app_telling(receiver, events=("channel_occupied", "client_event"))
        async with working(app) as server, node_sdk(library, server) as sdk:
            async with client(server) as alice:
                await alice.join("alice", "presence-a")
                await alice.say(frame("client-e", {"n": "ä"}, channel="presence-a"))
                occupied, said = await receiver.has_had(2)
            request = {
                "headers": {name.lower(): value for name, value in said.headers.items()},
                "rawBody": said.body.decode(),
            }
            found = await sdk.does("webhook", request)
            assert found["time"] == json.loads(said.body)["time_ms"]
            (event,) = found["events"]
            assert event == {
                "name": "client_event",
                "channel": "presence-a",
                "event": "client-e",
                "data": json.dumps({"n": "ä"}),
                "socket_id": alice.socket_id,
                "user_id": "alice",
            }
            forged = {**request, "rawBody": occupied.body.decode()}
            assert await sdk.does("webhook", forged) is None


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize(
    ("changes", "status", "says"),
    [
        ({"secret": "guessed"}, 401, "Invalid signature: you should have sent HmacSHA256Hex("),
        ({"key": "nobody"}, 400, "Unknown auth_key\n"),
        ({"appId": "2"}, 400, "Not authorized for that app\n"),
    ],
)
async def test_it_understands_what_it_did_wrong(
    server: Running, library: str, changes: dict[str, str], status: int, says: str
) -> None:
    async with node_sdk(library, server, **changes) as sdk:
        with pytest.raises(SdkError) as caught:
            await sdk.trigger(["a"], "e", "")
    assert caught.value.status == status
    assert caught.value.body is not None
    assert caught.value.body.startswith(says)


async def test_it_is_told_which_of_its_events_is_too_large(server: Running, sdk: NodeSdk) -> None:
    async with client(server) as alice:
        await alice.subscribe("a")
        batch = [{"channel": "a", "name": "e", "data": "x" * n} for n in (10_240, 10_241)]
        with pytest.raises(SdkError) as caught:
            await sdk.does("triggerBatch", batch)
        assert caught.value.status == 413
        # All of a batch, or nothing of it.
        assert await alice.is_silent()
