"""The stream: one request that waits for frames, and one for each that is sent."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket

from kabar.engines.realtime.fallback.framing import LONGEST_STREAM
from kabar.engines.realtime.limits import RealtimeLimits
from tests.engines.realtime.fallback.http_client import (
    NAME,
    QUERY,
    QUICK,
    HttpClient,
    disconnected,
    http_client,
    publish,
    streaming,
)
from tests.engines.realtime.support import Running, client, frame, running, subscribe
from tests.patience import PATIENCE, patiently


async def test_a_stream_is_a_socket_like_any_other(server: Running) -> None:
    async with streaming(server) as ann, client(server) as ben:
        assert (await ann.subscribe("private-room"))["event"].endswith("subscription_succeeded")
        await ben.subscribe("private-room")

        publish(server, "Żółć 👋\u2028", channel="private-room")
        await ann.say(frame("client-hi", {"a": 1}, channel="private-room"))

        assert (await ann.hear())["data"] == "Żółć 👋\u2028"
        assert (await ben.hear())["data"] == "Żółć 👋\u2028"
        assert (await ben.hear())["event"] == "client-hi"
        assert server.realtime.stats.connections == 2


async def test_presence_ends_when_the_stream_does(server: Running) -> None:
    async with client(server) as ben, streaming(server) as ann:
        await ben.join("ben")
        await ann.subscribe("presence-room", channel_data='{"user_id":"ann"}')
        assert (await ben.hear())["event"] == "pusher_internal:member_added"
        ann.hang_up()
        gone = await ben.hear()
        assert (gone["event"], gone["data"]) == (
            "pusher_internal:member_removed",
            '{"user_id":"ann"}',
        )


async def test_an_empty_array_is_a_ping_and_is_answered_with_one(server: Running) -> None:
    """pusher-js takes any line for a sign of life, and answers a heartbeat: that would not end."""
    async with streaming(server) as ann:
        await ann.say()
        assert await ann.line() == "a[]"


async def test_a_stream_ends_exactly_where_pusher_js_leaves_it_and_nothing_is_lost(
    server: Running,
) -> None:
    """It leaves a stream of more than 256 Ki characters at the next end of a line."""
    count = 4 * LONGEST_STREAM // 5_000
    async with streaming(server) as ann:
        await ann.subscribe("news")
        for number in range(count):
            publish(server, f"{number} {'ä' * 1_000}")

        heard: list[str] = []
        turns = 0
        while len(heard) < count:
            lengths = [ann.read_characters]
            while len(heard) < count and (line := await ann.line()):
                heard += [json.loads(text)["data"] for text in json.loads(line[1:])]
                lengths.append(ann.read_characters)
            if len(heard) < count:
                assert lengths[-2] <= LONGEST_STREAM < lengths[-1]
                turns += 1
                await ann.stream()
        assert turns > 1
        assert [data.split()[0] for data in heard] == [str(number) for number in range(count)]


async def test_what_comes_between_two_streams_waits_for_the_second(server: Running) -> None:
    async with streaming(server) as ann:
        await ann.subscribe("news")
        await fill(server, ann)
        publish(server, "meanwhile")
        await ann.stream()
        assert (await ann.hear())["data"] == "meanwhile"


async def test_who_does_not_come_back_in_time_has_left() -> None:
    async with running(limits=QUICK) as server, streaming(server) as ann:
        await ann.subscribe("news")
        await fill(server, ann)
        await disconnected(server)
        await ann.stream()
        # pusher-js knows by this that its session is lost, and connects anew.
        assert await ann.line() == "o"


async def test_a_quiet_stream_has_a_heartbeat_and_who_answers_stays() -> None:
    async with running(limits=QUICK) as server, streaming(server) as ann:
        for _ in range(8):  # more than activity and pong time-out together
            while await ann.line() != "h":
                pass
            await ann.say()
        assert server.realtime.stats.connections == 1


async def test_who_answers_no_heartbeat_is_given_up_with_4201() -> None:
    async with running(limits=QUICK) as server, streaming(server) as ann:
        assert (await ann.rest())[-1] == 'c[4201,"Pong not received"]'
        assert server.realtime.stats.dead_peers_cut_off == 1
        assert await ann.post(b"[]") == 404


async def test_a_slow_reader_is_cut_off_and_its_line_dropped() -> None:
    limits = RealtimeLimits(
        socket_queue_bytes=1 << 16, close_timeout=0.4, drain_seconds=0.0, fallback_grace=1.0
    )
    async with running(limits=limits) as server, client(server) as ben:
        await ben.subscribe("news")
        # Or the kernel takes a whole stream on itself. Accepted sockets have it of their listener.
        with socket.fromfd(
            server.server.servers[0].sockets[0].fileno(), socket.AF_INET, 1
        ) as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        before = set(server.server.server_state.connections)
        slow = socket.socket()
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        slow.connect(("127.0.0.1", server.port))
        slow.sendall(
            f"POST /app/app-key/{NAME}/xhr_streaming{QUERY} HTTP/1.1\r\n"
            "Host: h\r\nContent-Length: 0\r\n\r\n".encode()
        )
        anonymous = ["User-Agent"]
        async with http_client(server, path="/app/app-key", skip_auto_headers=anonymous) as ann:
            while server.realtime.stats.connections < 2:
                await asyncio.sleep(0)
            (line,) = server.server.server_state.connections - before
            await ann.say(subscribe("news"))

            for number in range(600):
                publish(server, f"{number} {'x' * 9_000}")
                assert (await ben.hear())["data"].startswith(f"{number} ")
            assert server.realtime.stats.connections == 1
            assert server.realtime.stats.slow_readers_cut_off == 1
        async with patiently():
            while line in server.server.server_state.connections:
                await asyncio.sleep(0)
        slow.settimeout(PATIENCE)
        with slow:
            left = await asyncio.to_thread(read_all, slow)
        assert len(left) < 600 * 9_000
        assert not left.endswith(b"0\r\n\r\n"), "its answer was completed"


def read_all(line: socket.socket) -> bytes:
    """Read what is left on a line until the server drops it."""
    pieces = []
    with contextlib.suppress(ConnectionResetError):
        while piece := line.recv(1 << 20):
            pieces.append(piece)
    return b"".join(pieces)


async def fill(server: Running, ann: HttpClient) -> None:
    """Bring a stream to its end."""
    for _ in range(LONGEST_STREAM // 9_000 + 1):
        publish(server, "x" * 9_000)
    assert all(line.startswith("a[") for line in await ann.rest())
