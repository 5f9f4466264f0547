"""The fallbacks in front of the whole of Kabar, and what uvicorn does that they rely on."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
import uvicorn

from kabar.core.settings import Settings
from kabar.server.app import Kabar
from tests.engines.realtime.fallback.http_client import NAME, QUERY
from tests.patience import patiently
from tests.people import browser_of
from tests.prompt import PromptServer


async def test_a_page_of_another_site_may_connect_though_it_may_not_write(
    kabar: Kabar, stranger: httpx.AsyncClient
) -> None:
    foreign = {"origin": "https://app.example", "sec-fetch-site": "cross-site"}
    path = f"/pusher/app/{kabar.apps.own.key}/{NAME}/xhr{QUERY}"
    answer = await stranger.post(path, headers=foreign)
    assert (answer.status_code, answer.text) == (200, "o\n")
    assert (await stranger.post("/api/auth/logout", headers=foreign)).status_code == 403


async def test_what_sockjs_asks_for_in_vain_is_not_answered_with_the_page(
    stranger: httpx.AsyncClient,
) -> None:
    answer = await stranger.get("/pusher/iframe.html", headers={"accept": "text/html"})
    assert answer.status_code == 404


@pytest.mark.parametrize("call", ["xhr_streaming", "xhr", "xhr_send"])
async def test_without_realtime_there_are_no_fallbacks(settings: Settings, call: str) -> None:
    off = settings.model_copy(update={"realtime": False})
    async with Kabar(off) as kabar, browser_of(kabar.asgi) as browser:
        path = f"/pusher/app/{kabar.apps.own.key}/{NAME}/{call}{QUERY}"
        assert (await browser.post(path)).status_code == 404


@pytest.mark.parametrize("http", ["httptools", "h11"])
async def test_uvicorn_hands_its_transport_along_with_send(http: Any) -> None:
    """How a stream is cut whose client does not read."""
    transports: list[Any] = []

    async def app(_scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        transports.append(send.__self__.transport)
        transports[0].abort()
        while (await receive())["type"] != "http.disconnect":
            pass

    config = uvicorn.Config(app, port=0, http=http, ws="none", lifespan="off", log_config=None)
    server = PromptServer(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0)
    port = server.servers[0].sockets[0].getsockname()[1]
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n")
    async with patiently():
        left = await reader.read()
    assert not left.endswith(b"0\r\n\r\n")
    assert transports[0].is_closing()
    writer.close()
    server.should_exit = True
    await serving
