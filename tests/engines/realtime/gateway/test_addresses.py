"""Are all spellings of an address one, when connections are counted?"""

from __future__ import annotations

import aiohttp
import pytest
from websockets.asyncio.client import connect

from kabar.engines.realtime.limits import RealtimeLimits
from tests.core.test_addresses import SPELLINGS
from tests.engines.realtime.fallback.http_client import QUERY, url_of
from tests.engines.realtime.support import Client, client, running

LIMITS = RealtimeLimits(max_connections_per_address=1, drain_seconds=0.0, close_timeout=0.4)
TOO_MANY = "Too many connections from one address"


@pytest.mark.parametrize("spellings", SPELLINGS.values(), ids=lambda spellings: spellings[0])
async def test_no_spelling_of_an_address_has_a_socket_more(spellings: list[str]) -> None:
    """A WebSocket has the place; neither another one nor a fallback gets a second."""
    first, *others = ({"X-Forwarded-For": spelling} for spelling in spellings)
    async with (
        running(limits=LIMITS, trusted_proxies=["127.0.0.1"]) as server,
        client(server, additional_headers=first),
        aiohttp.ClientSession() as http,
    ):
        for number, told in enumerate(others):
            async with connect(server.url(), additional_headers=told) as websocket:
                assert await Client(websocket).closing() == (4100, TOO_MANY)
            url = url_of(server, f"/app/app-key/{number}/abcdefgh/xhr_streaming{QUERY}")
            async with http.post(url, headers=told) as answer:
                assert TOO_MANY in await answer.text()
        async with client(server, additional_headers={"X-Forwarded-For": "192.0.2.9"}):
            pass


async def test_a_network_of_ipv6_counts_as_one_address() -> None:
    """Whoever has one address of it has all of them."""
    async with (
        running(limits=LIMITS, trusted_proxies=["127.0.0.1"]) as server,
        client(server, additional_headers={"X-Forwarded-For": "2001:db8::1"}),
    ):
        same = {"X-Forwarded-For": "[2001:db8::ffff:ffff:ffff:ffff]:5"}
        async with connect(server.url(), additional_headers=same) as websocket:
            assert await Client(websocket).closing() == (4100, TOO_MANY)
        async with client(server, additional_headers={"X-Forwarded-For": "2001:db8:0:1::1"}):
            pass
