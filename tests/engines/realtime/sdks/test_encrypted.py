"""Encrypted channels, end to end: SDKs seal, clients open, and the server sees nothing."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import msgspec
import pytest

from kabar.engines.realtime.apps.encryption import EncryptionIsOff
from tests.engines.realtime.sdks.application import application
from tests.engines.realtime.sdks.client_sdks import echo, pusher_js, pusher_js_on_a_page
from tests.engines.realtime.sdks.server_sdks import MASTER_KEY, PythonSdk, Sdk, sdk_named
from tests.engines.realtime.support import APP, SOCKET_ID, Running, client, running
from tests.journeys.browser import chromium
from tests.journeys.pusher_js import REFUSED

CHANNEL = "private-encrypted-orders"
SECRET = {"text": "Żółć 👋", "n": [1, None]}
SDKS = ["python", "pusher", "pusher-http-edge"]


@pytest.fixture(params=SDKS)
async def sdk(request: pytest.FixtureRequest, server: Running) -> AsyncIterator[Sdk]:
    async with sdk_named(request.param, server) as found:
        yield found


async def test_what_an_sdk_seals_pusher_js_opens(server: Running, sdk: Sdk) -> None:
    """And who listens with nothing but a signature hears only what is sealed."""
    async with (
        application(sdk) as signer,
        pusher_js(server, signer, "alice") as alice,
        client(server) as eve,
    ):
        await alice.subscribe(CHANNEL)
        await eve.subscribe(CHANNEL)
        assert await sdk.trigger([CHANNEL], "news", SECRET) == {}
        assert await alice.wait_for("news", CHANNEL) == SECRET
        sealed = (await eve.hear())["data"]
        assert set(json.loads(sealed)) == {"nonce", "ciphertext"}


async def test_the_last_event_of_an_encrypted_cache_channel_is_opened_by_who_comes_later(
    server: Running, sdk: Sdk
) -> None:
    async with application(sdk) as signer, pusher_js(server, signer, "alice") as alice:
        await sdk.trigger(["private-encrypted-cache-a"], "news", SECRET)
        await alice.subscribe("private-encrypted-cache-a")
        assert await alice.wait_for("news", "private-encrypted-cache-a") == SECRET


async def test_laravel_echo_opens_it_too(server: Running, sdk: Sdk) -> None:
    async with application(sdk) as signer, echo(server, signer, "alice") as alice:
        await alice.open("encryptedPrivate", "orders")
        await alice.listen("encryptedPrivate", "orders", ".news")
        await sdk.trigger([CHANNEL], "news", SECRET)
        assert await alice.wait_for(".news", "orders") == SECRET


@pytest.mark.journey
async def test_pusher_js_with_encryption_opens_it_on_a_page(server: Running) -> None:
    sdk = PythonSdk(server.port)
    async with (
        application(sdk) as signer,
        chromium() as browser,
        pusher_js_on_a_page(browser, server, signer, "alice") as alice,
    ):
        await alice.subscribe(CHANNEL)
        await sdk.trigger([CHANNEL], "news", SECRET)
        assert await alice.wait_for("news", CHANNEL) == SECRET


async def test_who_is_not_given_the_key_is_not_subscribed(server: Running) -> None:
    sdk = PythonSdk(server.port)
    async with application(sdk) as signer, pusher_js(server, signer, "alice") as alice:
        await alice.do("subscribe", channel="private-encrypted-forbidden")
        assert (await alice.wait_for(REFUSED))["status"] == 403
        assert await sdk.does("channels_info") == {"channels": {}}


async def test_the_engine_hands_out_the_key_that_the_sdks_seal_with() -> None:
    app = msgspec.structs.replace(APP, encryption_master_key=MASTER_KEY)
    async with running(app) as server, sdk_named("pusher", server) as sdk:
        for channel in (CHANNEL, "private-encrypted-cache-a"):
            signed = server.realtime.authorize(SOCKET_ID, channel, user_id="7")
            assert signed == await sdk.authorize(SOCKET_ID, channel, None)
        assert "shared_secret" not in server.realtime.authorize(SOCKET_ID, "private-a")


async def test_the_engine_of_an_app_without_a_key_signs_no_encrypted_channel(
    server: Running,
) -> None:
    with pytest.raises(EncryptionIsOff):
        server.realtime.authorize(SOCKET_ID, CHANNEL)
