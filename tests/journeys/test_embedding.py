"""Does the page about Python programs say what works? Its programs are run as they stand there."""

from __future__ import annotations

import asyncio
import json
import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest
import uvicorn

from kabar.services import Services, open_services
from tests.house.tree import ROOT
from tests.journeys.persons import register
from tests.journeys.process import KabarProcess, run_kabar
from tests.patience import patiently
from tests.people import identity_of

pytestmark = pytest.mark.journey

BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def programs() -> list[dict[str, Any]]:
    """Return what each block of the page defines."""
    found: list[dict[str, Any]] = []
    for block in BLOCK.findall((ROOT / "docs" / "embedding.md").read_text()):
        found.append({})
        exec(block, found[-1])
    return found


async def user_of(services: Services, username: str) -> str:
    identity, _ = await identity_of(services.kabar.db, username)
    return identity.user_id


async def test_the_first_program_prints_what_it_says(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = (ROOT / "docs" / "embedding.md").read_text()
    says = re.search(r"prints `(.+?)`, `(.+?)`, `(.+?)` and `(.+?)`", page)
    assert says is not None
    data = tmp_path / "data"
    async with open_services(data=data) as services:
        ids = [await user_of(services, name) for name in ("ann", "ben")]

    await programs()[0]["two_people_talk"](data, *ids)

    printed = [line for line in capsys.readouterr().out.splitlines() if "triggered" not in line]
    assert printed == list(says.groups())


async def test_what_the_services_trigger_is_heard_by_those_whom_it_is_for(
    tmp_path: Path, http: aiohttp.ClientSession
) -> None:
    """Served as the second program serves, with its services in hand."""
    program, opened = programs()[1], asyncio.Future[Services]()

    @asynccontextmanager
    async def open_and_tell(**given: Any) -> AsyncIterator[Services]:
        async with open_services(**given) as services:
            opened.set_result(services)
            yield services

    class Server(uvicorn.Server):
        def __init__(self, config: uvicorn.Config) -> None:
            super().__init__(config)
            servers.append(self)

    servers: list[Server] = []
    program["open_services"] = open_and_tell
    program["uvicorn"] = SimpleNamespace(Config=uvicorn.Config, Server=Server)
    port = free_port()
    serving = asyncio.create_task(program["serve"](tmp_path / "data", port))
    try:
        services = await opened
        pusher, key = services.pusher_service, services.kabar.apps.own.key
        here: Any = SimpleNamespace(url=f"http://127.0.0.1:{port}", app_key=key)
        await until_it_answers(http, here.url)
        ann, ben = await register(here, http, "Ann"), await register(here, http, "Ben")
        room = await services.chat_service.create_group_room(ann.id, "Garden")
        mine, channels = f"private-user-{ann.id}", ("news", "sport", "public-channel")
        async with ann.listen(mine, *channels) as anns, ben.listen(*channels) as bens:
            results = [
                await pusher.trigger("news", "one", {"n": 1}),
                await pusher.trigger_multiple(["news", "sport"], "two", [2]),
                await pusher.notify_user(ann.id, "three", "3"),
                await pusher.notify_group(room.id, "nobody-listens", None),
                await pusher.broadcast("four", {"n": 4}),
            ]
            assert all(result.success for result in results)
            for ear in (anns, bens):
                await ear.wait_for("four")
                assert ear.data_of("one") == [{"n": 1}]
                assert ear.data_of("two") == [[2], [2]]
            assert [len(ear.data_of("three")) for ear in (anns, bens)] == [1, 0]
    finally:
        for each in servers:
            each.should_exit = True
        async with patiently():
            await serving


async def test_a_message_from_another_process(
    server: KabarProcess, http: aiohttp.ClientSession
) -> None:
    ended = await run_kabar(
        *("keys", "create", "--name", "x", "--may", "act", "--json", "--data", str(server.data)),
        environment=server.environment,
    )
    key = json.loads(ended.out)["key"]
    ann, ben = await register(server, http, "Ann"), await register(server, http, "Ben")
    room = await ann.room_with(ben)

    send = programs()[2]["send_message"]
    message_id = await asyncio.to_thread(send, server.url, key, room, ann.id, "Hello")

    page = await ben.did("GET", f"/api/chat/messages?roomId={room}")
    assert [message["id"] for message in page["messages"]] == [message_id]


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


async def until_it_answers(http: aiohttp.ClientSession, url: str) -> None:
    async with patiently():
        while True:
            with suppress(aiohttp.ClientConnectionError):
                async with http.get(f"{url}/up"):
                    return
            await asyncio.sleep(0)
