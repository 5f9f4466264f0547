"""An endpoint that is down while the server dies and goes: it hears everything in the end."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from websockets.asyncio.client import ClientConnection, connect

from tests.engines.realtime.support import frame
from tests.engines.realtime.webhooks.receiver import Receiver, receiving
from tests.journeys.process import KabarProcess

pytestmark = pytest.mark.journey

APPS = """
[[apps]]
id = "1"
key = "app-key"
secret = "app-secret"

[[apps.webhooks]]
url = "{url}"
events = ["channel_occupied", "channel_vacated"]
"""


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as found:
        yield found


@pytest.fixture
async def server(tmp_path: Path, receiver: Receiver) -> AsyncIterator[KabarProcess]:
    apps_file = tmp_path / "apps.toml"
    apps_file.write_text(APPS.format(url=receiver.url()))
    found = KabarProcess(tmp_path / "data", KABAR_APPS_FILE=str(apps_file))
    await found.start()
    yield found
    await found.kill()


@asynccontextmanager
async def subscribed(server: KabarProcess, channel: str) -> AsyncIterator[ClientConnection]:
    url = f"ws://127.0.0.1:{server.port}/app/app-key?protocol=7"
    async with connect(url) as websocket:
        await websocket.send(frame("pusher:subscribe", {"channel": channel}))
        yield websocket


async def test_what_an_endpoint_has_not_heard_it_hears_after_a_restart(
    server: KabarProcess, receiver: Receiver
) -> None:
    receiver.status = 503
    async with subscribed(server, "killed"):
        await receiver.has_had(1)
        await server.kill()
    refused = len(receiver.all)
    receiver.status = 200
    await server.start()
    again = (await receiver.has_had(refused + 1))[refused]
    assert again.events == [{"name": "channel_occupied", "channel": "killed"}]
    assert again.body == receiver.all[0].body
    assert again.headers["X-Kabar-Delivery"] == receiver.all[0].headers["X-Kabar-Delivery"]

    # Told in good order to go, it still remembers that everybody has left.
    async with subscribed(server, "stopped"):
        await receiver.has_had(refused + 2)
        assert await server.stop() == 0
    await server.start()
    had = await receiver.has_had(refused + 3)
    assert [each.events[0] for each in had[refused + 1 :]] == [
        {"name": "channel_occupied", "channel": "stopped"},
        {"name": "channel_vacated", "channel": "stopped"},
    ]
    assert await server.stop() == 0
