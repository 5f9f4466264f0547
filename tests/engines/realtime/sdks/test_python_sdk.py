"""The official Python SDK, unmodified, against a real server."""

from __future__ import annotations

import json
import time

import pytest
from pusher.errors import PusherBadAuth, PusherBadRequest, PusherBadStatus

from kabar.engines.realtime.protocol import signing
from tests.engines.realtime.sdks.server_sdks import PythonSdk
from tests.engines.realtime.support import APP, SOCKET_ID, Running, client, frame, new_connection
from tests.engines.realtime.webhooks.receiver import app_telling, receiving, working


@pytest.fixture
def sdk(server: Running) -> PythonSdk:
    return PythonSdk(server.port)


async def test_it_triggers_and_clients_hear(server: Running, sdk: PythonSdk) -> None:
    async with client(server) as alice:
        for channel in ("a", "private-a"):
            await alice.subscribe(channel)
        assert await sdk.does("trigger", "a", "e", {"ä": 1}) == {}
        assert await sdk.does("trigger", ["a", "private-a"], "f", "text") == {}
        assert await sdk.does("trigger", "a", "g", "", alice.socket_id) == {}
        batch = [{"channel": "a", "name": "h", "data": {"n": n}} for n in range(2)]
        assert await sdk.does("trigger_batch", batch) == {}
        heard = [await alice.hear() for _ in range(5)]
        assert json.loads(heard[0]["data"]) == {"ä": 1}
        assert {each["channel"] for each in heard[1:3]} == {"a", "private-a"}
        assert [each["event"] for each in heard] == ["e", "f", "f", "h", "h"]
        assert await alice.is_silent()


async def test_it_is_told_of_the_channels_of_its_batch(server: Running, sdk: PythonSdk) -> None:
    async with client(server) as alice:
        await alice.join("alice", "presence-a")
        batch = [
            {"channel": "presence-a", "name": "e", "data": "", "info": "user_count"},
            {"channel": "presence-a", "name": "e", "data": "", "socket_id": alice.socket_id},
        ]
        assert await sdk.does("trigger_batch", batch) == {"batch": [{"user_count": 1}, {}]}
        assert (await alice.hear())["event"] == "e"
        assert await alice.is_silent()


async def test_it_asks_about_channels(server: Running, sdk: PythonSdk) -> None:
    async with client(server) as alice:
        await alice.join("alice", "presence-a")
        assert await sdk.does("channels_info") == {"channels": {"presence-a": {}}}
        assert await sdk.does("channels_info", "presence-", ["user_count"]) == {
            "channels": {"presence-a": {"user_count": 1}}
        }
        assert await sdk.does("channel_info", "presence-a", ["user_count"]) == {
            "occupied": True,
            "user_count": 1,
        }
        assert await sdk.does("users_info", "presence-a") == {"users": [{"id": "alice"}]}
        assert await sdk.does("users_info", "presence-b") == {"users": []}


async def test_it_is_told_when_a_channel_has_no_users(sdk: PythonSdk) -> None:
    with pytest.raises(PusherBadRequest, match="Users can only be retrieved for presence channels"):
        await sdk.does("users_info", "a")


async def test_what_it_authorises_is_let_in(server: Running, sdk: PythonSdk) -> None:
    async with client(server) as alice:
        signed = await sdk.authorize(alice.socket_id, "private-a", None)
        await alice.say(frame("pusher:subscribe", {"channel": "private-a", **signed}))
        assert (await alice.hear())["event"] == "pusher_internal:subscription_succeeded"
        member = {"user_id": "alice", "user_info": {"name": "A"}}
        signed = await sdk.authorize(alice.socket_id, "presence-a", member)
        await alice.say(frame("pusher:subscribe", {"channel": "presence-a", **signed}))
        roster = json.loads((await alice.hear())["data"])["presence"]
        assert roster["hash"] == {"alice": {"name": "A"}}


async def test_it_signs_users_in_talks_to_them_and_puts_them_out(
    server: Running, sdk: PythonSdk
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
        # This SDK forgets to say for which app; its key tells.
        assert await sdk.does("terminate_user_connections", "7") == {}
        assert (await alice.closing())[0] == 4009
        assert await bob.is_silent()


async def test_it_finds_our_webhooks_genuine_and_others_not() -> None:
    async with receiving() as receiver:
        app = app_telling(receiver, events=("channel_occupied",))
        async with working(app) as server, client(server) as alice:
            await alice.subscribe("a")
            (had,) = await receiver.has_had(1)
            sdk = PythonSdk(server.port)
    shown = (had.headers["X-Pusher-Key"], had.headers["X-Pusher-Signature"])
    genuine = await sdk.does("validate_webhook", *shown, had.body.decode())
    assert genuine["events"] == [{"name": "channel_occupied", "channel": "a"}]
    assert abs(genuine["time_ms"] - time.time() * 1000) < 60_000
    forged = had.body.replace(b'"a"', b'"b"').decode()
    assert await sdk.does("validate_webhook", *shown, forged) is None


async def test_it_understands_what_it_did_wrong(server: Running, sdk: PythonSdk) -> None:
    with pytest.raises(PusherBadAuth, match="Invalid signature"):
        await PythonSdk(server.port, secret="guessed").trigger(["a"], "e", "")
    with pytest.raises(PusherBadRequest, match="Unknown auth_key"):
        await PythonSdk(server.port, key="nobody").trigger(["a"], "e", "")
    with pytest.raises(PusherBadStatus, match="exceeds the allowed maximum"):
        await sdk.trigger(["a"], "e", "x" * 10_241)


async def test_the_engine_signs_as_the_sdk_does(server: Running, sdk: PythonSdk) -> None:
    engine = server.realtime
    assert engine.authorize(SOCKET_ID, "private-a") == await sdk.authorize(
        SOCKET_ID, "private-a", None
    )
    for signed, channel in (
        (engine.authorize(SOCKET_ID, "private-a", user_id="7"), "private-a"),
        (engine.authorize(SOCKET_ID, "presence-a", user_id="7", user_info={"n": 1}), "presence-a"),
    ):
        connection = new_connection()
        connection.receive(frame("pusher:subscribe", {"channel": channel, **signed}), 0.0)
        assert list(connection.subscriptions) == [channel]
    connection = new_connection()
    connection.receive(
        frame("pusher:signin", engine.authenticate_user(SOCKET_ID, {"id": "7", "x": 1})), 0.0
    )
    assert connection.user is not None
    assert connection.user.user_id == "7"


async def test_a_signature_of_another_app_is_refused(server: Running) -> None:
    """The key may be right and the secret another's, or the other way round."""
    async with client(server) as alice:
        text = signing.subscription_text(alice.socket_id, "private-a", None)
        for key, secret in ((APP.key, "other-secret"), ("other-key", APP.secret)):
            auth = f"{key}:{signing.sign(secret, text)}"
            await alice.say(frame("pusher:subscribe", {"channel": "private-a", "auth": auth}))
            assert (await alice.hear())["event"] == "pusher:error"
