"""SockJS's own paths: `/info`, and a first message that names the app."""

from __future__ import annotations

import json

import aiohttp
import pytest

from tests.engines.realtime.fallback.http_client import QUICK, http_client, url_of
from tests.engines.realtime.support import Running, frame, running

INTRODUCTION = json.dumps({"path": "/app/app-key?protocol=7&client=js&version=8.6.0"})


async def test_info_offers_what_there_is(server: Running) -> None:
    async with aiohttp.request("GET", url_of(server, "/pusher/info")) as answer:
        assert answer.status == 200
        assert answer.headers["access-control-allow-origin"] == "*"
        info = await answer.json()
        assert (info["websocket"], info["cookie_needed"]) == (False, False)


async def test_the_first_message_says_which_app(server: Running) -> None:
    async with http_client(server, "123/some-name_4", path="/pusher") as ann:
        await ann.stream()
        assert await ann.line() == "o"
        assert server.realtime.stats.connections == 0
        await ann.say(INTRODUCTION, frame("pusher:ping"))
        assert (await ann.hear())["event"] == "pusher:connection_established"
        assert (await ann.hear())["event"] == "pusher:pong"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('{"path":"/app/no-such-key?protocol=7"}', 4001),
        ('{"path":"/app/app-key"}', 4008),
        ('{"path":"nowhere"}', 4005),
        ('{"path":7}', 4005),
        (json.dumps({"path": "/app/app-key?protocol=7" + "&a=b" * 300}), 4005),
        (json.dumps({"path": "/app/app-key?protocol=7" + "&a=b" * 20_000}), 4005),
        (json.dumps({"path": "/app" * 20_000 + "/app/app-key?protocol=7"}), 4005),
        ("[" * 5_000, 4005),
        ("", 4005),
    ],
)
async def test_a_wrong_first_message_is_told_so(server: Running, text: str, code: int) -> None:
    async with http_client(server, path="/pusher") as ann:
        await ann.stream()
        await ann.say(text, frame("pusher:ping"))
        assert json.loads((await ann.rest())[-1][1:])[0] == code
        assert server.realtime.stats.connections == 0


async def test_who_says_nothing_is_sent_away() -> None:
    async with running(limits=QUICK) as server, http_client(server, path="/pusher") as ann:
        await ann.stream()
        assert await ann.rest() == ["o", 'c[4200,"Nothing was said in time"]']
