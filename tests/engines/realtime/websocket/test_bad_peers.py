"""Peers that break the rules, or keep to them and mean harm: closed in time, with bounds."""

from __future__ import annotations

import asyncio
import gc
from contextlib import AsyncExitStack

import pytest
from websockets.asyncio.client import connect

from kabar.core.events import Publication
from kabar.engines.realtime.limits import RealtimeLimits
from kabar.engines.realtime.websocket.socket import PusherSocket
from kabar.infra.http.timeouts import TimedHttp, http_with_timeouts
from tests.engines.realtime.support import Client, Running, client, frame, running, subscribe
from tests.engines.realtime.websocket.raw import (
    BINARY,
    CLOSE,
    CONTINUED,
    NOT_FINAL,
    PING,
    PONG,
    TEXT,
    header,
    masked,
    raw_client,
)
from tests.patience import patiently

QUICK = RealtimeLimits(activity_timeout=1, pong_timeout=0.4, close_timeout=0.4, drain_seconds=0.0)
UMLAUT = "ä".encode()
SUBSCRIPTION = masked(TEXT, subscribe("x").encode())


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        # What the RFC forbids.
        (header(TEXT, 2, mask=0) + b"{}", 1002),
        *((masked(TEXT | bit, b"{}"), 1002) for bit in (0x40, 0x20, 0x10)),
        *((masked(0x80 | opcode, b"x"), 1002) for opcode in (3, 7, 11, 15)),
        (masked(PING, b"x" * 126), 1002),
        (masked(PING & NOT_FINAL, b"x"), 1002),
        (masked(CONTINUED, b"nothing began"), 1002),
        (masked(TEXT & NOT_FINAL, b"{") + masked(TEXT, b"}"), 1002),
        (masked(CLOSE, b"\x03"), 1002),
        (masked(CLOSE, (1005).to_bytes(2)), 1002),
        (masked(CLOSE, (1000).to_bytes(2) + b"\xff"), 1007),
        # Wrong text; what follows is not waited for.
        (masked(TEXT, b"\xff"), 1007),
        (masked(TEXT & NOT_FINAL, b"a") + masked(CONTINUED & NOT_FINAL, b"\xff"), 1007),
        (masked(TEXT & NOT_FINAL, b"a") + masked(CONTINUED, UMLAUT[:1]), 1007),
        # Binary messages, from the first piece on.
        (masked(BINARY), 1003),
        (masked(BINARY & NOT_FINAL, b"x"), 1003),
        # What is too long is refused for its length alone, before it is sent.
        (masked(TEXT, length=1 << 20), 1009),
        (masked(TEXT, length=1 << 62), 1009),
        (masked(TEXT & NOT_FINAL, b"x" * 90_000) + masked(CONTINUED, length=20_000), 1009),
    ],
)
async def test_who_breaks_the_rules_is_closed_and_nobody_else_notices(
    server: Running, sent: bytes, code: int
) -> None:
    async with client(server) as other, raw_client(server) as peer:
        peer.write(sent)
        assert await peer.closing() == code
        assert await other.is_silent()


async def test_a_character_may_be_split_between_fragments(server: Running) -> None:
    async with raw_client(server) as peer:
        text = frame("pusher:ping", "ä").replace("\\u00e4", "ä").encode()
        cut = text.index(UMLAUT) + 1
        peer.write(masked(TEXT & NOT_FINAL, text[:cut]) + masked(CONTINUED, text[cut:]))
        assert (await peer.frame())[0] == TEXT


async def test_who_hangs_up_within_a_message_is_answered_in_kind(server: Running) -> None:
    async with raw_client(server) as peer:
        peer.write(masked(TEXT & NOT_FINAL, b"{") + masked(CLOSE, (1000).to_bytes(2)))
        assert await peer.closing() == 1000


async def test_a_text_of_a_mebibyte_closes_before_it_is_all_there(server: Running) -> None:
    async with client(server) as other, raw_client(server) as peer:
        peer.write(masked(TEXT, b"x" * (1 << 20)))
        # The server hangs up while it is still coming: its close frame may be lost in that.
        assert all(first == CLOSE for first, _ in await peer.frames())
        await gone(server, but=1)
        assert await other.is_silent()


@pytest.mark.parametrize("said", [b"\x81", masked(TEXT, b"half", length=8)])
async def test_who_stops_within_a_frame_is_given_up(said: bytes) -> None:
    async with running(limits=QUICK) as server, raw_client(server) as silent:
        silent.write(said)
        async with raw_client(server) as leaving:
            leaving.write(said)
            await leaving.writer.drain()
        await gone(server, but=1)
        assert await silent.closing() == 4201
        await gone(server, but=0)


async def test_an_upgrade_that_is_never_finished_is_given_up() -> None:
    async with running(http=http_with_timeouts(0.4)) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(b"GET /app/app-key?protocol=7 HTTP/1.1\r\nUpgrade: websocket\r\nConnection")
        async with patiently():
            assert (await reader.read()).startswith(b"HTTP/1.1 408 ")
        writer.close()


async def test_a_socket_outlives_the_time_for_its_request_and_what_read_it() -> None:
    gc.collect()
    gc.disable()
    try:
        async with running(http=http_with_timeouts(0.2)) as server, client(server) as alice:
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(alice.websocket.recv(), 0.5)
            assert await alice.is_silent()
            assert not any(isinstance(each, TimedHttp) for each in gc.get_objects())
    finally:
        gc.enable()


# ── floods ───────────────────────────────────────────────────────────────────────────────────


async def test_every_ping_is_answered_in_order(server: Running) -> None:
    async with raw_client(server) as peer:
        pings = [str(number).encode() for number in range(2_000)]
        ask = masked(TEXT, frame("pusher:ping").encode())
        peer.write(b"".join(masked(PING, each) for each in pings[:1_000]) + ask)
        peer.write(b"".join(masked(PING, each) for each in pings[1_000:]))
        heard = [await peer.frame() for _ in range(2_001)]
        assert [payload for first, payload in heard if first == PONG] == pings
        assert [first for first, _ in heard].index(TEXT) >= 1_000


async def test_who_floods_with_pings_and_reads_no_answer_is_cut_off() -> None:
    limits = RealtimeLimits(socket_queue_bytes=64 * 1024, close_timeout=0.4, drain_seconds=0.0)
    async with (
        running(limits=limits) as server,
        client(server) as other,
        raw_client(server, narrow=True) as peer,
    ):
        largest, is_cut = 0, False
        for _ in range(2_000):
            peer.write(masked(PING, b"x" * 125) * 500)
            try:
                async with patiently():
                    await peer.writer.drain()
            except ConnectionError:
                is_cut = True
            largest = max(largest, most_unsent(server))
            if is_cut:
                break
        assert is_cut
        assert server.realtime.stats.slow_readers_cut_off == 1
        assert await other.is_silent()
        # What came in one read of the socket is answered at once.
        assert largest <= 64 * 1024 + 256 * 1024


async def test_pings_are_not_answered_after_the_close(server: Running) -> None:
    """Or a peer that reads nothing could still make us write."""
    async with raw_client(server) as peer:
        peer.write(masked(BINARY, b"x"))
        assert (await peer.frame())[0] == CLOSE
        peer.write(masked(PING, b"x") * 100)
        peer.write(masked(CLOSE, (1003).to_bytes(2)))
        assert await peer.frames() == []


async def test_a_crowd_from_one_address_is_held_to_its_limit() -> None:
    limits = RealtimeLimits(max_connections_per_address=40, close_timeout=0.4, drain_seconds=0.0)
    async with running(limits=limits) as server, client(server) as first:
        others = [Client(await connect(server.url())) for _ in range(300)]
        greetings = [(await other.hear())["event"] for other in others]
        assert greetings.count("pusher:connection_established") == 39
        refused = [other for other, said in zip(others, greetings, strict=True) if "error" in said]
        assert len(refused) == 261
        for other in refused:
            assert await other.closing() == (4100, "Too many connections from one address")
        assert await first.is_silent()
        await others[0].websocket.close()
        await gone(server, but=39)
        async with client(server) as newcomer:
            assert await newcomer.is_silent()
        for other in others:
            await other.websocket.close()


# ── readers that do not read ─────────────────────────────────────────────────────────────────


async def test_a_reader_that_stops_is_cut_off_while_a_crowd_hears_everything() -> None:
    limit, size, crowd = 128 * 1024, 8_000, 60
    limits = RealtimeLimits(socket_queue_bytes=limit, close_timeout=0.4, drain_seconds=0.0)
    async with (
        running(limits=limits) as server,
        AsyncExitStack() as everybody,
        raw_client(server, narrow=True) as stalled,
    ):
        stalled.write(SUBSCRIPTION)
        await stalled.frame()
        hearers = [await everybody.enter_async_context(raw_client(server)) for _ in range(crowd)]
        for hearer in hearers:
            hearer.write(SUBSCRIPTION)
            await hearer.frame()
        said, largest = 0, 0
        while server.realtime.stats.slow_readers_cut_off == 0:
            publish(server, f"{said}".zfill(size))
            largest = max(largest, most_unsent(server))
            for hearer in hearers:
                assert f"{said}".zfill(size).encode() in (await hearer.frame())[1]
            said += 1
            assert said < 6_000
        assert largest <= limit + 2 * size
        await gone(server, but=crowd)
        # Nothing is kept for it either, not even by the kernel, which could keep megabytes.
        with pytest.raises(ConnectionResetError):
            await stalled.reader.read()
        publish(server, "the end")
        for hearer in hearers:
            assert b"the end" in (await hearer.frame())[1]


async def test_a_peer_that_vanished_with_unread_events_is_given_up() -> None:
    async with running(limits=QUICK) as server, raw_client(server, narrow=True) as vanished:
        vanished.write(SUBSCRIPTION)
        await vanished.frame()
        while most_unsent(server) == 0:
            publish(server, "x" * 8_000)
            await asyncio.sleep(0)
        await gone(server, but=0)
        assert server.realtime.stats.dead_peers_cut_off == 1
        assert server.realtime.stats.slow_readers_cut_off == 0


def publish(server: Running, data: str) -> None:
    server.realtime.publish([Publication(channels=("x",), event="e", data=data)])


def sockets(server: Running) -> list[PusherSocket]:
    return [peer for peer in server.realtime._gateway._peers if isinstance(peer, PusherSocket)]


def most_unsent(server: Running) -> int:
    """What waits for the slowest of all readers."""
    return max(each._transport.get_write_buffer_size() for each in sockets(server))


async def gone(server: Running, *, but: int) -> None:
    """Wait until so many sockets are left."""
    async with patiently():
        while len(sockets(server)) > but:
            await asyncio.sleep(0)
