"""Whose session or token a handshake carries, over a real server."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from structlog.testing import capture_logs

from kabar.engines.realtime.connection.handshake import Handshake
from kabar.engines.realtime.limits import RealtimeLimits
from tests.engines.realtime.support import client, frame, own_guard, running
from tests.patience import patiently


async def cookie_or_bearer(handshake: Handshake) -> str | None:
    """The product's part: `session=7` and `Bearer 7` are user 7."""
    cookie = handshake.header(b"cookie") or ""
    bearer = handshake.header(b"authorization") or ""
    return cookie.removeprefix("session=") or bearer.removeprefix("Bearer ") or None


@pytest.mark.parametrize(
    ("headers", "origin", "let_in"),
    [
        ({"Cookie": "session=7"}, None, True),
        ({"Cookie": "session=8"}, None, False),
        ({}, None, False),
        ({"Cookie": "session=7"}, "http://127.0.0.1:{port}", True),
        ({"Cookie": "session=7"}, "https://app.example", True),
        # A proxy that changes Host: the page is ours all the same.
        ({"Cookie": "session=7"}, "https://chat.example", True),
        ({"Cookie": "session=7"}, "https://chat.example.evil.example", False),
        ({"Cookie": "session=7"}, "https://evil.example", False),
        ({"Cookie": "session=7"}, "null", False),
        ({"Authorization": "Bearer 7"}, "https://evil.example", True),
        ({"Cookie": "session=7", "Authorization": "Basic x"}, "https://evil.example", False),
    ],
)
async def test_a_guarded_channel_is_for_whom_the_handshake_proves(
    headers: dict[str, str], origin: Any, let_in: bool
) -> None:
    async with running(
        guards={"user-": own_guard},
        identify=cookie_or_bearer,
        public_url="https://chat.example",
        allowed_origins=["https://app.example"],
    ) as server:
        if origin is not None:
            origin = origin.format(port=server.port)
        async with client(server, additional_headers=headers, origin=origin) as alice:
            answer = await alice.subscribe("user-7")
            if let_in:
                assert answer["event"] == "pusher_internal:subscription_succeeded"
            else:
                assert answer["data"]["code"] == 4009
            assert await alice.is_silent()


async def test_that_a_page_is_not_known_by_its_cookie_is_in_the_log_once() -> None:
    """Else nobody knows why a page that looks right hears nothing: a proxy may change the Host."""
    evil: Any = "https://evil.example"
    with capture_logs() as told:
        async with running(guards={"user-": own_guard}, identify=cookie_or_bearer) as server:
            for headers in ({"Authorization": "Bearer 7"}, *[{"Cookie": "session=7"}] * 3):
                async with client(server, additional_headers=headers, origin=evil) as alice:
                    await alice.subscribe("user-7")

    (line,) = [line for line in told if line["event"] == "origin_refused"]
    assert (line["origin"], line["by"]) == (evil, "WebSocket")


async def test_what_is_said_meanwhile_keeps_its_order() -> None:
    asked, answer = asyncio.Event(), asyncio.Event()

    async def slowly(_handshake: Handshake) -> str | None:
        asked.set()
        await answer.wait()
        return "7"

    async with (
        running(guards={"user-": own_guard}, identify=slowly) as server,
        client(server) as alice,
        client(server) as bob,
    ):
        await alice.say(frame("pusher:subscribe", {"channel": "user-7"}))
        await asked.wait()
        for channel in ("a", "b"):
            await alice.say(frame("pusher:subscribe", {"channel": channel}))
        # Everybody else goes on.
        assert await bob.is_silent()
        answer.set()
        assert [(await alice.hear())["channel"] for _ in range(3)] == ["user-7", "a", "b"]


async def test_a_product_that_fails_or_dawdles_makes_strangers() -> None:
    async def fail(_handshake: Handshake) -> str | None:
        raise RuntimeError

    async def dawdle(_handshake: Handshake) -> str | None:
        await asyncio.Event().wait()
        return "7"

    limits = RealtimeLimits(identify_timeout=0.05, drain_seconds=0.0)
    for identify in (fail, dawdle):
        async with (
            running(guards={"user-": own_guard}, identify=identify, limits=limits) as server,
            client(server) as alice,
        ):
            assert (await alice.subscribe("user-7"))["data"]["code"] == 4009
            assert await alice.is_silent()


async def test_whoever_leaves_meanwhile_is_gone_when_the_time_is_up() -> None:
    """Nothing is read from a socket that is being identified, so not even its end."""
    asked = asyncio.Event()

    async def for_ever(_handshake: Handshake) -> str | None:
        asked.set()
        await asyncio.Event().wait()
        return None

    limits = RealtimeLimits(identify_timeout=0.1, drain_seconds=0.0)
    async with running(guards={"user-": own_guard}, identify=for_ever, limits=limits) as server:
        async with client(server) as alice:
            await alice.say(frame("pusher:subscribe", {"channel": "user-7"}))
            await asked.wait()
            alice.websocket.transport.abort()
        async with patiently():
            while server.realtime.stats.connections:
                await asyncio.sleep(0)
