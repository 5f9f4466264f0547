"""permessage-deflate over a real server: what is agreed on, what is sent, and what is bounded."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from websockets.asyncio.client import connect

from kabar.core.events import Publication
from kabar.engines.realtime.limits import RealtimeLimits
from tests.engines.realtime.support import Client, Running, frame, running, subscribe
from tests.engines.realtime.websocket.raw import RSV1, TEXT, RawClient, masked, raw_client
from tests.engines.realtime.websocket.test_deflate import FAR_APART, inflated

LIMITS = RealtimeLimits(compress_from=300, drain_seconds=0.0, close_timeout=0.4)
SUBSCRIPTION = masked(TEXT, subscribe("x").encode())
LONG = "a text that says the same again and again, " * 20


@pytest.fixture
async def server() -> AsyncIterator[Running]:
    async with running(limits=LIMITS) as found:
        yield found


def publish(server: Running, data: str) -> None:
    server.realtime.publish([Publication(channels=("x",), event="e", data=data)])


async def listen(peer: RawClient) -> None:
    peer.write(SUBSCRIPTION)
    await peer.frame()


def deflated(payload: bytes) -> bytes:
    compressor = zlib.compressobj(wbits=-12)
    data = compressor.compress(payload) + compressor.flush(zlib.Z_SYNC_FLUSH)
    return masked(TEXT | RSV1, data.removesuffix(b"\x00\x00\xff\xff"))


async def test_it_is_off_unless_it_is_switched_on() -> None:
    async with (
        running() as server,
        raw_client(server, "permessage-deflate") as peer,
        connect(server.url(), compression="deflate") as stock,
    ):
        assert "sec-websocket-extensions" not in peer.headers
        assert stock.protocol.extensions == []


@pytest.mark.parametrize(
    ("offer", "answer"),
    [
        ("permessage-deflate", "server_no_context_takeover; client_no_context_takeover"),
        # What browsers offer.
        (
            "permessage-deflate; client_max_window_bits",
            "server_no_context_takeover; client_no_context_takeover; client_max_window_bits=12",
        ),
        (
            "permessage-deflate; server_max_window_bits=9",
            "server_no_context_takeover; client_no_context_takeover; server_max_window_bits=9",
        ),
        ("permessage-deflate; server_max_window_bits=8", None),
        ("permessage-deflate; server_max_window_bits=16", None),
        ("permessage-deflate; unheard_of", None),
        ("x-webkit-deflate-frame", None),
        # A client may offer several things, in the order that it would like them.
        (
            "permessage-deflate; server_max_window_bits=8, permessage-deflate",
            "server_no_context_takeover; client_no_context_takeover",
        ),
    ],
)
async def test_what_is_agreed_on(server: Running, offer: str, answer: str | None) -> None:
    async with raw_client(server, offer) as peer:
        agreed = peer.headers.get("sec-websocket-extensions")
        assert agreed == (None if answer is None else f"permessage-deflate; {answer}")
        # Whatever it is, they understand each other.
        await listen(peer)
        publish(server, LONG)
        first, payload = await peer.frame()
        assert first == (TEXT if answer is None else TEXT | RSV1)
        assert (len(payload) < 200) == (answer is not None)


async def test_one_channel_has_listeners_of_every_form(server: Running) -> None:
    data = FAR_APART.decode("latin-1")
    async with (
        connect(server.url(), compression=None) as plain,
        connect(server.url(), compression="deflate") as stock,
        raw_client(server, "permessage-deflate; server_max_window_bits=9") as narrow,
    ):
        for websocket in (plain, stock):
            hearer = Client(websocket)
            await hearer.hear()
            await hearer.subscribe("x")
        await listen(narrow)
        for said in (data, "short"):
            publish(server, said)
            assert (await Client(plain).hear())["data"] == said
            assert (await Client(stock).hear())["data"] == said
            first, payload = await narrow.frame()
            if said is data:
                whole = inflated(bytes((first, 126, 0, 0)) + payload, 9)
                assert whole.startswith(b'{"event":"e"')
            else:
                assert first == TEXT


async def test_it_goes_on_after_a_pause_in_writing(server: Running) -> None:
    async with raw_client(server, "permessage-deflate") as peer:
        await listen(peer)
        (socket,) = server.realtime._gateway._peers
        socket.pause_writing()  # type: ignore[attr-defined]
        publish(server, LONG)
        assert (await peer.frame())[0] == TEXT | RSV1
        socket.resume_writing()  # type: ignore[attr-defined]
        publish(server, LONG)
        assert (await peer.frame())[0] == TEXT | RSV1


async def test_a_stock_client_may_compress_what_it_says(server: Running) -> None:
    async with connect(server.url(), compression="deflate") as websocket:
        alice = Client(websocket)
        await alice.hear()
        for _ in range(3):
            await alice.say(frame("pusher:ping", {"padding": LONG}))
            assert (await alice.hear())["event"] == "pusher:pong"


# ── bad peers ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        # A hundredth of what it becomes.
        (deflated(b" " * (LIMITS.max_frame_bytes + 1)), 1009),
        (deflated(b" " * (100 << 20)), 1009),
        (masked(TEXT | RSV1, b"\xff\xff\xff"), 1002),
        (masked(0x80 | RSV1, b"x"), 1002),
        (deflated(b'{"event":"\xff"}'), 1007),
    ],
)
async def test_what_is_wrong_or_too_large_when_unpacked_closes(
    server: Running, sent: bytes, code: int
) -> None:
    async with (
        raw_client(server, "permessage-deflate") as other,
        raw_client(server, "permessage-deflate; client_max_window_bits") as peer,
    ):
        await listen(other)
        peer.write(sent)
        assert await peer.closing() == code
        publish(server, LONG)
        assert (await other.frame())[0] == TEXT | RSV1


async def test_a_reader_that_stops_is_cut_off_with_compression_too() -> None:
    limits = replace(LIMITS, socket_queue_bytes=64 * 1024)
    async with (
        running(limits=limits) as server,
        raw_client(server, "permessage-deflate", narrow=True) as stalled,
        raw_client(server, "permessage-deflate") as quick,
    ):
        await listen(stalled)
        await listen(quick)
        stats = server.realtime.stats
        for number in range(20_000):
            # The same text would hardly weigh anything.
            publish(server, f"{pow(7, number + 20_000, 10**3000)}")
            assert (await quick.frame())[0] == TEXT | RSV1
            if stats.slow_readers_cut_off:
                break
        assert stats.slow_readers_cut_off == 1
