"""The stream: one request that waits for frames, and one for each that is sent."""

from __future__ import annotations

import asyncio
import json

from kabar.events import Publication
from tests.realtime.fallback.http_client import http_client, streaming
from tests.realtime.support import Running, client, frame, running


def publish(server: Running, data: str, *, event: str = "news", channel: str = "news") -> None:
    server.realtime.publish([Publication([channel], event, data)])


async def test_a_stream_is_a_socket_like_any_other(server: Running) -> None:
    async with streaming(server) as ann, client(server) as ben:
        assert (await ann.subscribe("private-room"))["event"].endswith("subscription_succeeded")
        await ben.subscribe("private-room")

        publish(server, "Żółć 👋", channel="private-room")
        await ann.say(frame("client-hi", {"a": 1}, channel="private-room"))

        assert (await ann.hear())["data"] == "Żółć 👋"
        assert (await ben.hear())["data"] == "Żółć 👋"
        assert (await ben.hear())["event"] == "client-hi"
        assert server.realtime.stats.connections == 2
