"""Guards of channels that look public, over a real server: what they say in time, is done."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from kabar.engines.realtime.connection.handshake import Guard, Handshake
from kabar.engines.realtime.limits import RealtimeLimits
from tests.engines.realtime.fallback.http_client import streaming
from tests.engines.realtime.support import Client, Running, client, running, sign_in, subscribe

GROUP = "group-1"
SUCCEEDED = "pusher_internal:subscription_succeeded"


async def somebody(_handshake: Handshake) -> str | None:
    return "7"


class Door:
    """A guard that says what it is told to, when it is told to."""

    def __init__(self) -> None:
        self.asked: asyncio.Queue[tuple[str, str]] = asyncio.Queue()
        self.answer: asyncio.Queue[bool] = asyncio.Queue()

    async def __call__(self, user_id: str, channel: str) -> bool:
        self.asked.put_nowait((user_id, channel))
        return await self.answer.get()


@asynccontextmanager
async def behind(guard: Guard, **limits: float) -> AsyncIterator[Running]:
    async with running(
        guards={"user-": guard, "group-": guard},
        identify=somebody,
        limits=RealtimeLimits(drain_seconds=0.0, close_timeout=1.0, **limits),  # type: ignore[arg-type]
    ) as server:
        yield server


async def ask(alice: Client) -> None:
    await alice.say(subscribe(GROUP))


@pytest.mark.parametrize("may_hear", [True, False])
async def test_a_guard_is_asked_of_each_channel_and_says_who_may_hear_it(may_hear: bool) -> None:
    door = Door()
    async with behind(door) as server, client(server) as alice:
        for channel in (GROUP, "group-2"):
            await alice.say(subscribe(channel))
            assert await door.asked.get() == ("7", channel)
            door.answer.put_nowait(may_hear)
            assert ((await alice.hear())["event"] == SUCCEEDED) == may_hear
        assert await alice.is_silent()


async def test_who_signed_in_is_asked_about_by_that_name() -> None:
    door = Door()
    async with behind(door) as server, client(server) as alice:
        await alice.say(sign_in({"id": "alice"}, socket_id=alice.socket_id))
        await alice.hear()
        await ask(alice)
        assert await door.asked.get() == ("alice", GROUP)
        door.answer.put_nowait(True)
        assert (await alice.hear())["event"] == SUCCEEDED


async def test_a_guard_that_dawdles_or_fails_lets_nobody_in() -> None:
    async def dawdle(_user_id: str, _channel: str) -> bool:
        await asyncio.Event().wait()
        return True

    async def fail(_user_id: str, _channel: str) -> bool:
        raise RuntimeError

    for guard in (dawdle, fail):
        async with behind(guard, guard_timeout=0.05) as server, client(server) as alice:
            assert (await alice.subscribe(GROUP))["data"]["code"] == 4009
            assert (await alice.subscribe("public"))["event"] == SUCCEEDED


async def test_what_is_taken_while_the_guard_looks_is_taken() -> None:
    door = Door()
    async with behind(door) as server, client(server) as alice:
        await ask(alice)
        await door.asked.get()
        server.realtime.revoke(GROUP, "7")
        door.answer.put_nowait(True)
        assert (await alice.closing())[0] == 4200


async def test_a_session_that_ends_while_the_guard_looks_ends_the_socket() -> None:
    door = Door()
    async with behind(door) as server, client(server) as alice:
        await ask(alice)
        await door.asked.get()
        server.realtime.reauthorize("7")
        assert (await alice.closing())[0] == 4200


async def test_a_session_that_ends_while_it_is_looked_up_is_looked_up_again() -> None:
    """What was read before may be the session that has ended."""
    answers: asyncio.Queue[str | None] = asyncio.Queue()
    asked: asyncio.Queue[None] = asyncio.Queue()

    async def look_up(_handshake: Handshake) -> str | None:
        asked.put_nowait(None)
        return await answers.get()

    async def everybody(_user_id: str, _channel: str) -> bool:
        return True

    async with (
        running(guards={"user-": everybody}, identify=look_up) as server,
        client(server) as alice,
    ):
        await alice.say(subscribe("user-7"))
        await asked.get()
        server.realtime.reauthorize("7")
        answers.put_nowait("7")
        await asked.get()
        answers.put_nowait(None)
        assert (await alice.hear())["data"]["code"] == 4009


async def test_a_fallback_asks_the_same_guard_and_is_cut_the_same() -> None:
    door = Door()
    async with behind(door) as server, streaming(server) as alice:
        await alice.say(subscribe(GROUP), subscribe("public"))
        assert await door.asked.get() == ("7", GROUP)
        door.answer.put_nowait(True)
        assert [(await alice.hear())["channel"] for _ in range(2)] == [GROUP, "public"]
        server.realtime.revoke(GROUP, "7")
        assert (await alice.hear())["event"] == "pusher:error"
