"""The crash: `kill -9` in the middle of many senders loses nothing that was acknowledged."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from tests.journeys.persons import Person, register
from tests.journeys.process import KabarProcess

pytestmark = pytest.mark.journey

SENDERS = 64
ROOMS = 8
MOST_MESSAGES_BEFORE_THE_END = 2500


@pytest.fixture(params=["sqlite", "postgresql"])
async def doomed(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[KabarProcess]:
    """A server that will be killed."""
    environment = {}
    if request.param == "postgresql":
        environment["KABAR_DATABASE_URL"] = request.getfixturevalue("postgresql_url")
    server = KabarProcess(tmp_path / "data", **environment)
    await server.start()
    yield server
    await server.kill()


async def test_killed_amid_senders_every_acknowledged_message_is_there_once_and_is_published(
    doomed: KabarProcess, http: aiohttp.ClientSession
) -> None:
    """Nothing acknowledged is lost, nothing is stored twice, and each is heard of."""
    writer = await register(doomed, http, "Writer")
    rooms = [await writer.room_with(await register(doomed, http, "Reader")) for _ in range(ROOMS)]
    channels = [f"private-room-{room}" for room in rooms]
    answered: list[str] = []

    async with writer.listen(*channels) as before:
        senders = [
            asyncio.create_task(_send_until_it_breaks(writer, rooms, answered))
            for _ in range(SENDERS)
        ]
        heard_first = random.randint(2 * SENDERS, MOST_MESSAGES_BEFORE_THE_END)
        await before.wait_for("new-message", times=heard_first)
        await doomed.kill()
        await asyncio.gather(*senders)
    await doomed.start()
    async with writer.listen(*channels) as after:
        stored = [message for room in rooms for message in await _all_messages(writer, room)]
        times = Counter(message["clientId"] for message in stored)

        assert len(answered) > SENDERS, "there was no traffic to interrupt"
        assert set(answered) <= set(times)
        assert max(times.values()) == 1
        for room in rooms:
            sequence = [message["seq"] for message in stored if message["roomId"] == room]
            assert sequence == list(range(1, len(sequence) + 1))

        heard = {message["clientId"] for message in before.data_of("new-message")}
        await after.wait_until(
            lambda: set(times) - heard <= {m["clientId"] for m in after.data_of("new-message")},
        )


async def _send_until_it_breaks(writer: Person, rooms: list[str], answered: list[str]) -> None:
    number = 0
    me = random.getrandbits(48)
    while True:
        number += 1
        client_id = f"{me}-{number}"
        draft = {
            "roomId": random.choice(rooms),
            "content": f"message {number}",
            "clientId": client_id,
        }
        try:
            status, _ = await writer.call("POST", "/api/chat/send", json=draft)
        except aiohttp.ClientError:
            return
        assert status == 201
        answered.append(client_id)


async def _all_messages(person: Person, room: str) -> list[dict[str, object]]:
    query = f"/api/chat/messages?roomId={room}&limit=100"
    page = await person.did("GET", query)
    messages: list[dict[str, object]] = page["messages"]
    while page["hasMoreBefore"]:
        page = await person.did("GET", f"{query}&beforeId={messages[0]['id']}")
        messages = page["messages"] + messages
    return messages
