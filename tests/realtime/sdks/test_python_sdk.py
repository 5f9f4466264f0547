"""The official Python SDK, unchanged, against a real server."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pusher
import pytest
from pusher.errors import PusherBadAuth, PusherBadRequest

from kabar.realtime.connection import Connection
from tests.realtime.support import APP, SOCKET_ID, Running, client, frame, new_connection

MASTER_KEY = "OHRXNUZRTG5pUTFzQlFGd3J3N3Q2VFZFc0paZDEweVk="


def sdk(server: Running, **changes: Any) -> Any:
    options = {
        "app_id": APP.id,
        "key": APP.key,
        "secret": APP.secret,
        "host": "127.0.0.1",
        "port": server.port,
        "ssl": False,
        "encryption_master_key_base64": MASTER_KEY,
    }
    return pusher.Pusher(**{**options, **changes})


async def ask(method: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
    """Call the SDK where it does not block the server."""
    return await asyncio.to_thread(method, *arguments, **options)


async def test_it_triggers_and_clients_hear(server: Running) -> None:
    application = sdk(server)
    async with client(server) as alice:
        for channel in ("a", "private-a"):
            await alice.subscribe(channel)
        assert await ask(application.trigger, "a", "e", {"ä": 1}) == {}
        assert await ask(application.trigger, ["a", "private-a"], "f", "text") == {}
        assert await ask(application.trigger, "a", "g", "", alice.socket_id) == {}
        batch = [{"channel": "a", "name": "h", "data": {"n": n}} for n in range(2)]
        assert await ask(application.trigger_batch, batch) == {}
        heard = [await alice.hear() for _ in range(5)]
        assert json.loads(heard[0]["data"]) == {"ä": 1}
        assert {each["channel"] for each in heard[1:3]} == {"a", "private-a"}
        assert [each["event"] for each in heard] == ["e", "f", "f", "h", "h"]
        assert await alice.is_silent()


async def test_an_encrypted_event_arrives_untouched(server: Running) -> None:
    async with client(server) as alice:
        await alice.subscribe("private-encrypted-a")
        await ask(sdk(server).trigger, "private-encrypted-a", "e", {"secret": 1})
        data = json.loads((await alice.hear())["data"])
        assert set(data) == {"nonce", "ciphertext"}
        assert "secret" not in data["ciphertext"]


async def test_it_asks_about_channels(server: Running) -> None:
    application = sdk(server)
    async with client(server) as alice:
        await alice.join("alice", "presence-a")
        assert await ask(application.channels_info) == {"channels": {"presence-a": {}}}
        assert await ask(application.channels_info, "presence-", ["user_count"]) == {
            "channels": {"presence-a": {"user_count": 1}}
        }
        assert await ask(application.channel_info, "presence-a", ["user_count"]) == {
            "occupied": True,
            "user_count": 1,
        }
        assert await ask(application.users_info, "presence-a") == {"users": [{"id": "alice"}]}


async def test_what_it_authorises_is_let_in(server: Running) -> None:
    application = sdk(server)
    async with client(server) as alice:
        signed = application.authenticate("private-a", alice.socket_id)
        await alice.say(frame("pusher:subscribe", {"channel": "private-a", **signed}))
        assert (await alice.hear())["event"] == "pusher_internal:subscription_succeeded"
        custom = {"user_id": "alice", "user_info": {"name": "A"}}
        signed = application.authenticate("presence-a", alice.socket_id, custom)
        await alice.say(frame("pusher:subscribe", {"channel": "presence-a", **signed}))
        roster = json.loads((await alice.hear())["data"])["presence"]
        assert roster["hash"] == {"alice": {"name": "A"}}


async def test_it_signs_users_in_and_puts_them_out(server: Running) -> None:
    application = sdk(server)
    async with client(server) as alice:
        signed = application.authenticate_user(alice.socket_id, {"id": "7"})
        await alice.say(frame("pusher:signin", signed))
        assert (await alice.hear())["event"] == "pusher:signin_success"
        assert await ask(application.terminate_user_connections, "7") == {}
        assert (await alice.closing())[0] == 4009


async def test_it_understands_what_it_did_wrong(server: Running) -> None:
    with pytest.raises(PusherBadAuth, match="Invalid signature"):
        await ask(sdk(server, secret="guessed").trigger, "a", "e", "")
    with pytest.raises(PusherBadRequest, match="Unknown auth_key"):
        await ask(sdk(server, key="nobody").trigger, "a", "e", "")


async def test_the_engine_signs_as_the_sdk_does(server: Running) -> None:
    application, engine = sdk(server), server.realtime
    assert engine.authorize(SOCKET_ID, "private-a") == application.authenticate(
        "private-a", SOCKET_ID
    )
    for signed, channel in (
        (engine.authorize(SOCKET_ID, "private-a", user_id="7"), "private-a"),
        (engine.authorize(SOCKET_ID, "presence-a", user_id="7", user_info={"n": 1}), "presence-a"),
    ):
        connection: Connection = new_connection()
        connection.receive(frame("pusher:subscribe", {"channel": channel, **signed}), 0.0)
        assert list(connection.subscriptions) == [channel]
    connection = new_connection()
    connection.receive(
        frame("pusher:signin", engine.authenticate_user(SOCKET_ID, {"id": "7", "x": 1})), 0.0
    )
    assert connection.user is not None
    assert connection.user.user_id == "7"
