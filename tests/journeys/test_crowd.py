"""A crowd: a thousand calls at once, good and bad ones together."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from tests.journeys.world import NOWHERE, World

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="session")]

JSON = {"Content-Type": "application/json"}


async def test_a_thousand_calls_at_once_are_all_answered(world: World) -> None:
    """What was acknowledged is there, and every count is right."""
    ann, budi, server = world.ann, world.budi, world.server
    first = (await ann.say(world.room, "Before"))["seq"]

    async def call(number: int) -> tuple[str, int]:
        match number % 5:
            case 0:
                draft = {"roomId": world.room, "content": f"Message {number}"}
                return "send", (await ann.call("POST", "/api/chat/send", json=draft))[0]
            case 1:
                return "follow", (await budi.call("POST", f"/api/users/{ann.id}/follow"))[0]
            case 2:
                draft = {"roomId": NOWHERE, "content": "Nobody"}
                return "nowhere", (await ann.call("POST", "/api/chat/send", json=draft))[0]
            case 3:
                status, _ = await ann.call("POST", "/api/chat/read", data="{", headers=JSON)
                return "malformed", status
            case _:
                body = {"login": world.cleo.username, "password": f"wrong {number}"}
                async with world.http.post(f"{server.url}/api/auth/login", json=body) as answer:
                    assert answer.status == 401 or int(answer.headers["Retry-After"]) > 0
                    return "guess", answer.status

    answers = Counter(await asyncio.gather(*(call(number) for number in range(1000))))

    assert answers["send", 201] == answers["follow", 200] == 200
    assert answers["nowhere", 404] == answers["malformed", 400] == 200
    guesses = {status for what, status in answers if what == "guess"}
    assert guesses <= {401, 429, 503}, answers
    # Ten are let through, and one more that was under way at the same time.
    assert 1 <= answers["guess", 401] <= 11
    page = await ann.did("GET", f"/api/chat/messages?roomId={world.room}&limit=1")
    assert page["messages"][-1]["seq"] == first + 200
    state = await budi.did("GET", f"/api/users/{ann.id}/follow")
    followers = await budi.did("GET", f"/api/users/{ann.id}/followers")
    assert state["following"] is True, "an even number of toggles"
    assert state["followersCount"] == followers["total"] == len(followers["users"])
