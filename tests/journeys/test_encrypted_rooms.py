"""Does Kabar give participants, and nobody else, the key to what the application encrypts?"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import aiohttp
import pytest

from tests.engines.realtime.sdks.client_sdks import echo_of
from tests.engines.realtime.sdks.server_sdks import MASTER_KEY, PythonSdk
from tests.journeys.conftest import CHEAP
from tests.journeys.persons import Person, register
from tests.journeys.process import KabarProcess
from tests.journeys.pusher_js import REFUSED, pusher_js

pytestmark = pytest.mark.journey

APPS = f"""
[[apps]]
id = "1"
key = "app-key"
secret = "app-secret"
encryption_master_key = "{MASTER_KEY}"
"""
SECRET = {"text": "Żółć 👋"}


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[KabarProcess]:
    apps_file = tmp_path / "apps.toml"
    apps_file.write_text(APPS)
    running = KabarProcess(tmp_path / "data", KABAR_APPS_FILE=str(apps_file), **CHEAP)
    await running.start()
    yield running
    await running.stop()


@pytest.fixture
def person(server: KabarProcess, http: aiohttp.ClientSession) -> Callable[[str], Awaitable[Person]]:
    return lambda name: register(server, http, name)


async def test_participants_open_what_the_application_seals_until_they_leave(
    server: KabarProcess, person: Callable[[str], Awaitable[Person]]
) -> None:
    ann, budi, cleo = await person("Ann"), await person("Budi"), await person("Cleo")
    sdk = PythonSdk(server.port)
    group = {"name": "Garden", "participantIds": [ann.id]}
    room = (await budi.did("POST", "/api/chat/rooms", json=group))["id"]
    channel = f"private-encrypted-room-{room}"
    signer = f"{server.url}/api/pusher"
    async with (
        pusher_js(server, ann) as anns,
        echo_of(server.port, signer, budi.token, key="app-key") as budis,
        pusher_js(server, cleo) as cleos,
    ):
        own = f"private-encrypted-user-{ann.id}"
        await anns.subscribe(channel, own)
        await budis.open("encryptedPrivate", f"room-{room}")
        await budis.listen("encryptedPrivate", f"room-{room}", ".news")
        for forbidden in (channel, own, "private-encrypted-anything"):
            await cleos.do("subscribe", channel=forbidden)
            assert (await cleos.wait_for(REFUSED, forbidden))["status"] == 403

        await sdk.trigger([channel], "news", SECRET)
        await sdk.trigger([own], "news", SECRET)
        assert await anns.wait_for("news", channel) == SECRET
        assert await anns.wait_for("news", own) == SECRET
        assert await budis.wait_for(".news") == SECRET

        await ann.did("DELETE", f"/api/chat/rooms/{room}/participants/me")
        await sdk.trigger([channel], "news", {"text": "they are gone"})
        assert await budis.wait_for(".news", times=2) == {"text": "they are gone"}
        await anns.subscribe("public-channel")
        assert anns.data_of("news", channel) == [SECRET]
