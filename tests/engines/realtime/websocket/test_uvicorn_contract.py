"""What uvicorn's undocumented `ws=` hook does, and we rely on."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
import uvicorn

from tests.patience import patiently

#: what happened, in order
Story = list[tuple[str, Any]]


def recorder(story: Story) -> type[asyncio.Protocol]:
    class Recorder(asyncio.Protocol):
        def __init__(self, **given: Any) -> None:
            story.append(("made with", sorted(given)))
            self.connections = given["server_state"].connections

        def connection_made(self, transport: Any) -> None:
            self.transport = transport
            story.append(("others", len(self.connections)))
            self.connections.add(self)

        def data_received(self, data: bytes) -> None:
            story.append(("data", data))
            self.transport.write(b"heard ")

        def shutdown(self) -> None:
            story.append(("shutdown", None))
            self.transport.close()

        def connection_lost(self, exc: Exception | None) -> None:
            story.append(("lost", exc))
            self.connections.discard(self)

    return Recorder


@pytest.mark.parametrize("http", ["httptools", "h11"])
async def test_a_protocol_class_gets_the_transport_the_head_and_all_that_follows(
    http: Any,
) -> None:
    story: Story = []
    config = uvicorn.Config(
        "no:app", port=0, http=http, ws=recorder(story), lifespan="off", log_config=None
    )
    config.load_app = lambda: None  # type: ignore[method-assign]
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0)
    port = server.servers[0].sockets[0].getsockname()[1]

    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(
        b"GET /app/key?protocol=7 HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\n"
        b"Connection: Upgrade\r\nCookie: a=1\r\n\r\n"
    )
    assert await reader.readexactly(6) == b"heard "
    writer.write(b"frames")
    assert await reader.readexactly(6) == b"heard "
    server.should_exit = True
    async with patiently():
        await serving
    writer.close()

    names = [name for name, _ in story]
    assert names == ["made with", "others", "data", "data", "shutdown", "lost"]
    assert story[0][1] == ["app_state", "config", "server_state"]
    # The HTTP protocol has taken itself out: `connections` are those who must be waited for.
    assert story[1][1] == 0
    head = story[2][1]
    assert head.startswith(b"GET /app/key?protocol=7 HTTP/1.1\r\n")
    assert b"\r\ncookie: a=1\r\n" in head
    assert head.endswith(b"\r\n\r\n")
    assert story[3][1] == b"frames"
