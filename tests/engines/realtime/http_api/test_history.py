"""`GET …/history`, and the rest of it over real sockets and with the official SDK."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
from pusher.http import GET, Request

from kabar.engines.realtime.apps.history_rules import HistoryRule
from tests.engines.realtime.api_client import Answer, call
from tests.engines.realtime.history.support import after, app_with, event, keeping
from tests.engines.realtime.sdks.server_sdks import PythonSdk
from tests.engines.realtime.support import OTHER_APP, Running, client, frame, running, subscribe

PATH = "/apps/1/channels/news-a/history"


@pytest.fixture
async def server() -> AsyncIterator[Running]:
    rules = (
        HistoryRule(prefix="news-", size=5),
        HistoryRule(prefix="presence-", size=5),
        HistoryRule(prefix="private-encrypted-", size=5),
    )
    async with running(app_with(*rules), OTHER_APP) as found:
        yield found


async def history(server: Running, path: str = PATH, /, **parameters: object) -> Answer:
    return await call(
        server, "GET", path, parameters={name: str(value) for name, value in parameters.items()}
    )


def said(server: Running, *data: str, channel: str = "news-a") -> None:
    server.realtime.publish([event(channel, data=each) for each in data])


async def test_it_tells_what_was_said(server: Running) -> None:
    body = {"name": "e", "channels": ["news-a", "news-b"], "data": '{"ä":1}'}
    before = time.time() * 1_000
    assert (await call(server, "POST", "/apps/1/events", body)).text == "{}"
    answer = await history(server)
    assert (answer.status, answer.content_type) == (200, "application/json")
    (told,) = answer.json["events"]
    assert set(told) == {"id", "offset", "name", "data", "time_ms"}
    assert (told["offset"], told["name"], told["data"]) == (1, "e", '{"ä":1}')
    assert before - 1 <= told["time_ms"] <= time.time() * 1_000
    assert (answer.json["offset"], answer.json["next"]) == (1, None)
    on_b = await history(server, "/apps/1/channels/news-b/history")
    assert on_b.json["events"][0]["id"] == told["id"]
    assert on_b.json["epoch"] != answer.json["epoch"]


async def test_a_channel_of_which_nothing_was_said_has_an_empty_history(server: Running) -> None:
    answer = await history(server)
    assert (answer.status, answer.json["events"], answer.json["next"]) == (200, [], None)
    said(server, "first")
    assert (await history(server)).json["epoch"] == answer.json["epoch"]


@pytest.mark.parametrize(
    ("parameters", "pages"),
    [
        ({}, ["cdefg"]),
        ({"limit": 5}, ["cdefg"]),
        ({"limit": 2}, ["cd", "ef", "g"]),
        ({"limit": 2, "direction": "forwards"}, ["cd", "ef", "g"]),
        ({"limit": 2, "direction": "backwards"}, ["gf", "ed", "c"]),
        ({"since": 5}, ["fg"]),
        ({"since": 5, "direction": "backwards"}, ["dc"]),
        ({"since": 0}, ["cdefg"]),
        ({"since": 0, "direction": "backwards"}, [""]),
        ({"since": 10**17}, [""]),
        ({"limit": ""}, None),
    ],
)
async def test_it_is_told_in_pages(
    server: Running, parameters: dict[str, object], pages: list[str] | None
) -> None:
    said(server, *"abcdefg")
    found: list[str] = []
    while True:
        answer = await history(server, **parameters)
        if pages is None:
            assert answer.status == 400
            return
        found.append("".join(each["data"] for each in answer.json["events"]))
        if answer.json["next"] is None:
            break
        parameters = {**parameters, "since": answer.json["next"]}
    assert found == pages


@pytest.mark.parametrize(
    ("path", "parameters", "says"),
    [
        ("/apps/1/channels/plain/history", {}, "No history is kept of channel plain"),
        ("/apps/1/channels/a b/history", {}, "Invalid channel name: a b"),
        (PATH, {"limit": 0}, "Expected limit parameter to be from 1 to 100"),
        (PATH, {"limit": 101}, "Expected limit parameter to be from 1 to 100"),
        (PATH, {"limit": "many"}, "Expected limit parameter to be a number"),
        (PATH, {"since": -1}, "Expected since parameter to be a number"),
        (PATH, {"since": "٣"}, "Expected since parameter to be a number"),
        (PATH, {"since": "9" * 5_000}, "Expected since parameter to be a number"),
        (PATH, {"direction": "up"}, "Expected direction parameter to be forwards or backwards"),
    ],
)
async def test_what_is_wrong_is_told_in_plain_text(
    server: Running, path: str, parameters: dict[str, object], says: str
) -> None:
    answer = await history(server, path, **parameters)
    assert (answer.status, answer.text) == (400, f"{says}\n")
    assert answer.content_type == "text/plain; charset=utf-8"


async def test_it_is_for_the_app_that_signs(server: Running) -> None:
    said(server, "whispered")
    unsigned = await call(server, "GET", PATH, changes={"auth_signature": "0" * 64})
    assert unsigned.status == 401
    assert "whispered" not in unsigned.text
    stranger = await call(server, "GET", PATH, app=OTHER_APP)
    assert (stranger.status, stranger.text) == (400, "Not authorized for that app\n")
    theirs = await call(server, "GET", "/apps/2/channels/news-a/history", app=OTHER_APP)
    assert (theirs.status, theirs.text) == (400, "No history is kept of channel news-a\n")


async def test_the_official_sdk_asks_and_encrypted_events_stay_so(server: Running) -> None:
    """It has no method for it, but it signs any call."""
    application, channel = PythonSdk(server.port), "private-encrypted-a"
    await application.trigger([channel], "e", {"secret": 1})
    sdk = application._pusher._pusher_client
    request = Request(sdk, GET, f"/apps/1/channels/{channel}/history", {"limit": "1"})
    found: dict[str, Any] = await asyncio.to_thread(sdk.http.send_request, request)
    (told,) = found["events"]
    assert set(json.loads(told["data"])) == {"nonce", "ciphertext"}


async def test_who_begins_with_a_page_of_the_history_goes_on_from_there(server: Running) -> None:
    """A backend renders what it has; the page subscribes from that place."""
    page = (await history(server)).json
    said(server, "a")
    async with client(server) as alice:
        succeeded = await alice.subscribe("news-a", **after(page))
        assert succeeded["recovered"] is True
        assert (await alice.hear())["data"] == "a"


async def test_over_a_real_socket_nothing_is_lost_by_a_broken_line(server: Running) -> None:
    async with client(server) as alice, client(server) as bob:
        for each, name in ((alice, "alice"), (bob, "bob")):
            await each.join(name, "presence-a")
        await alice.hear()
        await bob.say(frame("client-a", {"n": 1}, channel="presence-a"))
        last = await alice.hear()
        assert last["user_id"] == "bob"
        alice.websocket.transport.abort()
        await alice.closing()
        await bob.hear()
        await bob.say(frame("client-a", {"n": 2}, channel="presence-a"))
        assert await bob.is_silent()
        said(server, "b", "c", channel="presence-a")
        async with client(server) as back:
            data = '{"user_id":"alice"}'
            succeeded = await back.subscribe("presence-a", channel_data=data, **after(last))
            assert (succeeded["recovered"], succeeded["offset"]) == (True, 1)
            said(server, "d", channel="presence-a")
            heard = [(await back.hear())["data"] for _ in range(4)]
            assert heard == ['{"n": 2}', "b", "c", "d"]
            assert await back.is_silent()
    told = (await history(server, "/apps/1/channels/presence-a/history")).json["events"]
    assert [each.get("user_id") for each in told] == ["bob", "bob", None, None, None]


async def test_who_asks_for_more_than_it_reads_is_told_less_and_not_cut_off() -> None:
    """Twenty long histories at once, and nothing of them is read before all are asked for."""
    app, channels = keeping(), [f"channel-{number}" for number in range(20)]
    async with running(app) as server, client(server) as alice:
        for channel in channels:
            said(server, *["x" * 10_000] * 45, channel=channel)
        start = {}
        for channel in channels:
            page = (await history(server, f"/apps/1/channels/{channel}/history", limit=1)).json
            start[channel] = {"epoch": page["epoch"], "offset": 0}
        for channel in channels:
            await alice.say(subscribe(channel, recover=start[channel]))
        told: dict[str, list[int]] = {}
        recovered: dict[str, bool] = {}
        while len(recovered) < len(channels):
            heard = await alice.hear()
            if "recovered" in heard:
                recovered[heard["channel"]] = heard["recovered"]
            else:
                told.setdefault(heard["channel"], []).append(heard["offset"])
        await alice.say(frame("pusher:ping"))
        while (heard := await alice.hear())["event"] != "pusher:pong":
            told.setdefault(heard["channel"], []).append(heard["offset"])
        assert recovered[channels[0]] is True
        assert told == {name: list(range(1, 46)) for name in channels if recovered[name]}
