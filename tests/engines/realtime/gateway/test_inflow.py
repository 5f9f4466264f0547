"""A flood is taken a little at a time, in order, and others have their turn in between."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable

import pytest

from kabar.engines.realtime.connection.handshake import Handshake
from kabar.engines.realtime.gateway.inflow import SLICE_BYTES, InboundScheduler, Inflow
from tests.engines.realtime.support import Running, Turns, frame, running, subscribe
from tests.engines.realtime.websocket.raw import CLOSE, PING, PONG, TEXT, masked, raw_client
from tests.patience import patiently


def test_all_that_came_is_taken_in_order() -> None:
    data = bytes(range(256)) * 64
    inflow = Inflow(data)
    first = inflow.next_slice()
    assert first == data[:SLICE_BYTES]
    inflow.add(b"and more")
    taken = [first]
    while not inflow.is_empty:
        taken.append(inflow.next_slice())
    assert b"".join(taken) == data + b"and more"
    assert max(map(len, taken)) == SLICE_BYTES


def test_who_says_much_waits_for_all_others_who_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many there are, a turn of the loop is not longer: here it has room for one slice."""
    monkeypatch.setattr("kabar.engines.realtime.gateway.inflow._TURN_SECONDS", 0.0)
    turns, taken = Turns(), list[str]()
    queue = InboundScheduler(turns.call_soon)

    def slices(name: str, count: int) -> Callable[[], bool]:
        left = iter(range(count))

        def take() -> bool:
            number = next(left)
            taken.append(f"{name}{number}")
            return number < count - 1

        return take

    for name, count in (("a", 3), ("b", 2), ("c", 1)):
        queue.join(slices(name, count))
    turns.take_one()
    assert taken == ["a0"]
    turns.take_all()
    assert taken == ["a0", "b0", "c0", "a1", "b1", "a2"]


def test_as_long_as_there_is_time_nobody_waits() -> None:
    turns, taken = Turns(), list[str]()
    queue = InboundScheduler(turns.call_soon)

    def take() -> bool:
        taken.append("a")
        return len(taken) < 3

    queue.join(take)
    assert taken == ["a"] * 3
    turns.take_all()
    assert taken == ["a"] * 3


def test_one_who_fails_does_not_hold_up_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kabar.engines.realtime.gateway.inflow._TURN_SECONDS", 0.0)
    turns, taken = Turns(), list[str]()
    queue = InboundScheduler(turns.call_soon)

    def fail() -> bool:
        raise ValueError

    def take() -> bool:
        taken.append("b")
        return False

    queue.join(fail)
    queue.join(take)
    with pytest.raises(ValueError):
        turns.take_one()
    turns.take_all()
    assert taken == ["b"]


@pytest.mark.parametrize(
    ("flood", "answer"),
    [(masked(PING), PONG), (masked(TEXT), TEXT), (masked(TEXT, b'{"event":"a"}'), TEXT)],
)
async def test_the_loop_is_not_held_up_by_a_flood(
    server: Running, monkeypatch: pytest.MonkeyPatch, flood: bytes, answer: int
) -> None:
    """However long a turn may be: here a slice is too long already."""
    monkeypatch.setattr("kabar.engines.realtime.gateway.inflow._TURN_SECONDS", 0.0)
    count = 20_000
    loop = asyncio.get_running_loop()
    async with raw_client(server) as ann:
        ann.write(flood * count)
        answers = loop.create_task(read(ann.reader, answer, count))
        turns = 0
        async with patiently():
            while not answers.done():
                await asyncio.sleep(0)
                turns += 1
    assert turns >= len(flood) * count // SLICE_BYTES


async def read(reader: asyncio.StreamReader, first: int, count: int) -> None:
    for _ in range(count):
        head = await reader.readexactly(2)
        assert head[0] == first
        length = head[1]
        if length >= 126:
            length = int.from_bytes(await reader.readexactly(2))
        await reader.readexactly(length)


async def test_what_follows_a_flood_is_answered_after_it(server: Running) -> None:
    async with raw_client(server) as ann:
        ann.write(masked(PING) * 5_000 + masked(TEXT, frame("pusher:ping").encode()))
        for _ in range(5_000):
            assert (await ann.frame())[0] == PONG
        assert json.loads((await ann.frame())[1])["event"] == "pusher:pong"


async def test_who_closes_after_a_flood_is_let_go(server: Running) -> None:
    async with raw_client(server) as ann:
        ann.write(masked(PING) * 20_000 + masked(CLOSE, (1000).to_bytes(2)))
        assert await ann.closing() == 1000


async def test_who_vanishes_in_the_middle_of_a_flood_leaves_nothing_behind(
    server: Running,
) -> None:
    async with raw_client(server) as ann:
        ann.write(masked(TEXT, subscribe("news").encode()) * 5_000)
        await ann.frame()
    async with patiently():
        while server.realtime.stats.connections or server.server.server_state.connections:
            await asyncio.sleep(0)


async def test_a_flood_while_an_identity_is_looked_up_waits_in_the_kernel() -> None:
    """The end of the flood that was read does not let the next one in."""
    may_answer = asyncio.Event()

    async def identify(_handshake: Handshake) -> str:
        await may_answer.wait()
        return "ann"

    guards = {"user-": lambda user_id, _channel: user_id == "ann"}
    async with running(identify=identify, guards=guards) as server, raw_client(server) as ann:
        ann.write(masked(TEXT, subscribe("user-ann").encode()))
        while not (socket := next(iter(server.realtime._node.hub.sockets()))).connection._held:
            ann.write(masked(TEXT, frame("pusher:ping").encode()) * 40_000)
            await asyncio.sleep(0)
        for _ in range(1_000):
            await asyncio.sleep(0)
        held = len(socket.connection._held)
        assert 0 < held < 30_000
        may_answer.set()
        assert json.loads((await ann.frame())[1])["event"].endswith("subscription_succeeded")
        assert json.loads((await ann.frame())[1])["event"] == "pusher:pong"
