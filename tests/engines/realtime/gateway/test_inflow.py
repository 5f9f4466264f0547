"""A flood is taken a little at a time, in order, and others have their turn in between."""

from __future__ import annotations

import asyncio
import json
import zlib
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest

from kabar.engines.realtime.connection.handshake import Handshake
from kabar.engines.realtime.gateway.inflow import SLICE_BYTES, InboundScheduler, Inflow
from kabar.engines.realtime.limits import RealtimeLimits
from kabar.engines.realtime.websocket.fragments import is_one_frame
from kabar.engines.realtime.websocket.socket import PusherSocket
from tests.engines.realtime.support import Running, Turns, frame, own_guard, running, subscribe
from tests.engines.realtime.websocket.raw import (
    CLOSE,
    PING,
    PONG,
    RSV1,
    TEXT,
    masked,
    raw_client,
)
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


class Product:
    """Answers when it is told to, and says whether it has been asked."""

    def __init__(self) -> None:
        self.is_asked = asyncio.Event()
        self.may_answer = asyncio.Event()

    async def identify(self, _handshake: Handshake) -> str:
        self.is_asked.set()
        await self.may_answer.wait()
        return "7"

    def running(self, **changes: Any) -> AbstractAsyncContextManager[Running]:
        return running(guards={"user-": own_guard}, identify=self.identify, **changes)


def only_socket(server: Running) -> PusherSocket:
    (socket,) = server.realtime._node.hub.sockets()
    assert isinstance(socket, PusherSocket)
    return socket


@pytest.mark.parametrize("empty", [masked(TEXT), masked(TEXT, b"{}")])
async def test_what_comes_while_a_guard_is_asked_is_bounded_and_then_heard_in_slices(
    monkeypatch: pytest.MonkeyPatch, empty: bytes
) -> None:
    """Forty thousand frames and more: none is parsed before, nor all of them at once."""
    monkeypatch.setattr("kabar.engines.realtime.gateway.inflow._TURN_SECONDS", 0.0)
    product = Product()
    async with product.running() as server, raw_client(server) as ann:
        ann.write(masked(TEXT, subscribe("user-7").encode()) + empty * 43_000)
        await product.is_asked.wait()
        for _ in range(1_000):
            await asyncio.sleep(0)
        inflow = only_socket(server)._inflow
        assert inflow is not None
        assert inflow.kept_bytes < 100 * SLICE_BYTES
        assert len(inflow._data) <= 1 << 19

        product.may_answer.set()
        answers = asyncio.create_task(read(ann.reader, TEXT, 1 + 43_000))
        turns = 0
        async with patiently():
            while not answers.done():
                await asyncio.sleep(0)
                turns += 1
        await answers
    assert turns >= len(empty) * 43_000 // SLICE_BYTES


async def test_what_unpacks_while_a_guard_is_asked_is_bounded_too() -> None:
    product = Product()
    limits = RealtimeLimits(socket_queue_bytes=1 << 18, compress_from=256, drain_seconds=0.0)
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(b" " * 100_000) + packer.flush(zlib.Z_SYNC_FLUSH)
    bomb = masked(TEXT | RSV1, packed.removesuffix(b"\0\0\xff\xff"))
    async with (
        product.running(limits=limits) as server,
        raw_client(server, "permessage-deflate; client_max_window_bits") as ann,
    ):
        ann.write(masked(TEXT, subscribe("user-7").encode()) + bomb * 10)
        assert await ann.closing() == 4100


async def test_who_hangs_up_while_a_guard_is_asked_leaves_nothing_behind() -> None:
    product = Product()
    async with product.running() as server, raw_client(server) as ann:
        ann.write(masked(TEXT, subscribe("user-7").encode()) + masked(PING) * 43_000)
        await product.is_asked.wait()
        ann.leave()
        product.may_answer.set()
        async with patiently():
            while server.realtime.stats.connections or server.server.server_state.connections:
                await asyncio.sleep(0)


@pytest.mark.parametrize(
    ("data", "is_one"),
    [
        (masked(PING), True),
        (masked(TEXT, b"x" * 100), True),
        (masked(TEXT, b"x" * 200), True),
        (masked(TEXT, b"x" * 200)[:100], True),
        (masked(TEXT, length=1 << 20), True),
        (masked(PING)[:1], True),
        (masked(PING) * 2, False),
        (masked(TEXT, b"x" * 100) + masked(PING), False),
        (masked(TEXT, b"x" * 200) + masked(PING), False),
    ],
)
def test_one_frame_is_told_from_several(data: bytes, is_one: bool) -> None:
    assert is_one_frame(data) == is_one


def test_who_says_one_thing_waits_only_for_others_who_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kabar.engines.realtime.gateway.inflow._TURN_SECONDS", 0.0)
    turns, taken = Turns(), list[str]()
    queue = InboundScheduler(turns.call_soon)

    def says(name: str, *, more: bool) -> Callable[[], bool]:
        def take() -> bool:
            taken.append(name)
            return more and taken.count(name) < 3

        return take

    for name in ("flood", "another"):
        queue.join(says(name, more=True))
    assert not queue.has_time()
    for name in ("a", "b"):
        queue.join(says(name, more=False), is_short=True)
    turns.take_all()
    assert taken == ["a", "flood", "b", "another", "flood", "another", "flood", "another"]


def test_what_is_short_is_charged_too() -> None:
    """There is only so much of it in a turn, and afterwards there is again."""
    turns = Turns()
    queue = InboundScheduler(turns.call_soon)
    assert queue.has_time()
    while queue.has_time():
        pass
    turns.take_all()
    assert queue.has_time()


def test_who_came_first_goes_first() -> None:
    turns = Turns()
    queue = InboundScheduler(turns.call_soon)
    queue.join(lambda: False, is_short=True)
    assert not queue.has_time()
    turns.take_all()
    assert queue.has_time()
