"""The WebSocket itself, over a real server: framing, closing, silence, slow readers."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from kabar.core.events import Publication
from kabar.engines.realtime.apps.app import App
from kabar.engines.realtime.limits import RealtimeLimits
from tests.engines.realtime.support import APP, Client, Running, client, frame, running, subscribe
from tests.patience import patiently

QUICK = RealtimeLimits(activity_timeout=1, pong_timeout=0.4, close_timeout=0.4, drain_seconds=0.0)


async def shake_hands(server: Running, path: str = "/app/app-key?protocol=7") -> Any:
    """Open a WebSocket by hand: a client that only does what the test does."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n"
        "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        "Sec-WebSocket-Version: 13\r\n\r\n".encode()
    )
    head = await reader.readuntil(b"\r\n\r\n")
    assert b" 101 " in head
    return reader, writer


async def next_frame(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """Read one short frame: its opcode and its payload."""
    async with patiently():
        first, length = await reader.readexactly(2)
        return first & 15, await reader.readexactly(length)


async def test_a_message_in_fragments_is_one_message(server: Running) -> None:
    async with client(server) as alice:
        text = frame("pusher:ping", {"padding": "ä" * 50})
        await alice.websocket.send([text[:9], text[9:20], text[20:]])
        assert (await alice.hear())["event"] == "pusher:pong"


async def test_a_websocket_ping_is_answered(server: Running) -> None:
    async with client(server) as alice, patiently():
        await (await alice.websocket.ping(b"hello"))


@pytest.mark.parametrize(
    ("message", "text", "code"),
    [
        (b"binary", False, 1003),
        (b'{"event":"\xff"}', True, 1007),
        (b"x" * (100 * 1024 + 1), True, 1009),
        ([b"x" * 60_000, b"x" * 60_000], True, 1009),
    ],
)
async def test_what_is_no_text_of_ours_closes(
    server: Running, message: Any, text: bool, code: int
) -> None:
    async with client(server) as alice, client(server) as bob:
        await alice.websocket.send(message, text=text)
        assert (await alice.closing())[0] == code
        assert await bob.is_silent()


async def test_a_flood_of_empty_fragments_closes(server: Running) -> None:
    """Their sizes never reach the limit of a message."""
    async with client(server) as alice, client(server) as bob:
        await alice.websocket.send(["{", *[""] * 1_100])
        assert (await alice.closing())[0] == 1009
        assert await bob.is_silent()


async def test_nothing_is_written_after_the_close(server: Running) -> None:
    """Two things close at once: the client gets one close frame, and no event after it."""
    reader, writer = await shake_hands(server)
    assert (await next_frame(reader))[0] == 1
    mask = bytes(4)
    joined = b'{"event":"pusher:subscribe","data":{"channel":"x"}}'
    writer.write(b"\x81" + bytes([0x80 | len(joined)]) + mask + joined)
    assert (await next_frame(reader))[0] == 1
    # A binary frame and a text of wrong UTF-8, in one packet.
    writer.write(b"\x82\x81" + mask + b"x" + b"\x81\x81" + mask + b"\xff")
    server.realtime.publish([Publication(channels=("x",), event="e", data="d")])
    opcodes = []
    while True:
        try:
            opcodes.append((await next_frame(reader))[0])
        except asyncio.IncompleteReadError:
            break
    assert opcodes.count(8) == 1
    assert opcodes[-1] == 8
    writer.close()


async def test_a_frame_without_a_mask_is_against_the_rules(server: Running) -> None:
    reader, writer = await shake_hands(server)
    await next_frame(reader)
    writer.write(b"\x81\x02{}")
    opcode, payload = await next_frame(reader)
    assert (opcode, int.from_bytes(payload[:2])) == (8, 1002)
    assert await reader.read() == b""
    writer.close()


@pytest.mark.parametrize(
    ("path", "code", "reason"),
    [
        (
            "/app/nobody?protocol=7",
            4001,
            "App key nobody not in this cluster. Did you forget to specify the cluster?",
        ),
        ("/app/shut?protocol=7", 4003, "App disabled"),
        ("/elsewhere?protocol=7", 4005, "Path not found"),
        ("/app/app-key?protocol=x", 4006, "Invalid version string format"),
        ("/app/app-key?protocol=3", 4007, "Unsupported protocol version"),
        ("/app/app-key", 4008, "No protocol version supplied"),
        ("/app/full?protocol=5", 4004, "Account over quota"),
    ],
)
async def test_who_is_not_let_in_hears_why_in_both_ways(path: str, code: int, reason: str) -> None:
    """Clients of protocol 5 read the frame, later ones the close code."""
    shut = App(id="3", key="shut", secret="s", enabled=False)
    full = App(id="4", key="full", secret="s", max_connections=1)
    async with (
        running(APP, shut, full) as server,
        client(server, "/app/full?protocol=7"),
        connect(server.url(path)) as websocket,
    ):
        refused = Client(websocket)
        assert await refused.hear() == {
            "event": "pusher:error",
            "data": {"code": code, "message": reason},
        }
        assert await refused.closing() == (code, reason)


async def test_a_long_reason_fits_into_a_close_frame(server: Running) -> None:
    async with connect(server.url("/app/" + "k%C3%A4" * 200 + "?protocol=7")) as websocket:
        code, reason = await Client(websocket).closing()
    assert code == 4001
    assert reason is not None
    assert len(reason.encode()) <= 123


async def test_the_sub_protocol_of_the_swift_client_is_confirmed(server: Running) -> None:
    offered: Any = ["pusher-channels-protocol-7"]
    async with connect(server.url(), subprotocols=offered) as websocket:
        assert websocket.subprotocol == "pusher-channels-protocol-7"
    async with connect(server.url()) as websocket:
        assert websocket.subprotocol is None


async def test_a_handshake_that_is_none_gets_an_http_answer(server: Running) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with connect(server.url(), additional_headers={"Sec-WebSocket-Version": "8"}):
            raise AssertionError
    assert refused.value.response.status_code == 400
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(
        b"GET /app/app-key HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\n"
        b"Upgrade: websocket\r\nCookie: " + b"x" * 20_000 + b"\r\n\r\n"
    )
    assert (await reader.read()).startswith(b"HTTP/1.1 431 ")
    writer.close()


# ── silence ──────────────────────────────────────────────────────────────────────────────────


async def test_a_silent_peer_is_pinged_and_then_given_up() -> None:
    async with running(limits=QUICK) as server, client(server) as alive:
        reader, writer = await shake_hands(server)
        assert (await next_frame(reader))[0] == 1
        assert await next_frame(reader) == (9, b"")
        opcode, payload = await next_frame(reader)
        assert (opcode, int.from_bytes(payload[:2])) == (8, 4201)
        # It does not answer the close either: its line is cut.
        async with patiently():
            assert await reader.read() == b""
        assert server.realtime.stats.dead_peers_cut_off == 1
        # One who answers pings, and says nothing else, stays.
        assert await alive.is_silent()
        writer.close()


async def test_whoever_goes_without_a_word_is_gone(server: Running) -> None:
    async with client(server) as alice:
        await alice.join("alice")
        reader, writer = await shake_hands(server)
        async with client(server) as bob:
            await bob.join("bob")
            assert (await alice.hear())["event"] == "pusher_internal:member_added"
            bob.websocket.transport.abort()
            assert (await alice.hear())["event"] == "pusher_internal:member_removed"
        writer.transport.abort()
        assert await alice.is_silent()
        del reader


async def test_only_a_trusted_proxy_may_say_that_it_came_encrypted() -> None:
    strict = App(id="1", key="app-key", secret="s", force_tls=True)
    told = {"X-Forwarded-Proto": "https"}
    async with running(strict, trusted_proxies=("127.0.0.1",)) as server:
        async with client(server, additional_headers=told):
            pass
        async with connect(server.url()) as websocket:
            assert await Client(websocket).closing() == (4000, "Only SSL connections accepted")
    async with (
        running(strict) as server,
        connect(server.url(), additional_headers=told) as websocket,
    ):
        assert (await Client(websocket).closing())[0] == 4000


# ── readers that do not read ─────────────────────────────────────────────────────────────────


async def read_all(websocket: ClientConnection) -> None:
    while True:
        await websocket.recv()


@pytest.mark.parametrize("wakes_up", [True, False])
async def test_a_slow_reader_is_cut_off_and_nobody_else_notices(wakes_up: bool) -> None:
    """It hears 4100 if it reads on in time; if it does not, the line is cut."""
    limits = RealtimeLimits(
        socket_queue_bytes=256 * 1024, close_timeout=5.0 if wakes_up else 0.4, drain_seconds=0.0
    )
    async with running(limits=limits) as server:
        narrow = socket.socket()
        narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        narrow.setblocking(False)
        await asyncio.get_running_loop().sock_connect(narrow, ("127.0.0.1", server.port))
        async with (
            client(server) as quick,
            connect(server.url(), sock=narrow, max_queue=1, ping_interval=None) as slow,
        ):
            await quick.subscribe("x")
            await slow.send(subscribe("x"))
            stats, said = server.realtime.stats, 0
            while stats.slow_readers_cut_off == 0 and said < 6_000:
                batch = [
                    Publication(channels=("x",), event="e", data=f"{said + number}".zfill(10_000))
                    for number in range(10)
                ]
                server.realtime.publish(batch)
                said += len(batch)
                for publication in batch:
                    assert (await quick.hear())["data"] == publication.data
            assert stats.slow_readers_cut_off == 1
            assert await quick.is_silent()
            async with patiently():
                if wakes_up:
                    with pytest.raises(ConnectionClosed) as closed:
                        await read_all(slow)
                    assert closed.value.rcvd is not None
                    assert closed.value.rcvd.code == 4100
                else:
                    while len(server.realtime._gateway._peers) > 1:
                        await asyncio.sleep(0)
                    slow.transport.abort()


# ── the end ──────────────────────────────────────────────────────────────────────────────────


async def test_a_server_that_goes_down_sends_everybody_elsewhere() -> None:
    async with running() as server, client(server) as alice, client(server) as bob:
        server.server.should_exit = True
        assert await alice.closing() == (4200, "Server is going down")
        assert (await bob.closing())[0] == 4200
        async with patiently():
            await server.serving


async def test_a_peer_that_does_not_answer_the_close_does_not_hold_the_server() -> None:
    async with running(limits=QUICK) as server:
        _reader, writer = await shake_hands(server)
        server.server.should_exit = True
        async with patiently():
            await server.serving
        writer.close()
