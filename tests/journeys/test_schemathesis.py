"""Does the server keep what `/openapi.json` promises, whatever Schemathesis sends to it?"""

from __future__ import annotations

import json
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from tests.journeys.persons import Person
from tests.journeys.process import KabarProcess, run

pytestmark = pytest.mark.journey

#: with what exists half of the time, calls get further than to a 404
CONFIGURATION = """
[generation]
max-examples = 6
[phases.stateful.generation]
max-examples = 400

[dictionaries.rooms]
values = {rooms}
[dictionaries.users]
values = {users}
[dictionaries.messages]
values = {messages}

[parameters]
"path.room_id" = {{ dictionary = "rooms", probability = 0.5 }}
"query.roomId" = {{ dictionary = "rooms", probability = 0.5 }}
"body.roomId" = {{ dictionary = "rooms", probability = 0.5 }}
"path.user" = {{ dictionary = "users", probability = 0.5 }}
"path.user_id" = {{ dictionary = "users", probability = 0.5 }}
"body.userId" = {{ dictionary = "users", probability = 0.5 }}
"body.receiverId" = {{ dictionary = "users", probability = 0.5 }}
"query.messageId" = {{ dictionary = "messages", probability = 0.5 }}
"query.beforeId" = {{ dictionary = "messages", probability = 0.5 }}
"body.messageId" = {{ dictionary = "messages", probability = 0.5 }}
"body.replyToId" = {{ dictionary = "messages", probability = 0.5 }}
"body.threadId" = {{ dictionary = "messages", probability = 0.5 }}
"query.threadId" = {{ dictionary = "messages", probability = 0.5 }}
"""
#: checks that know less than the server does
LEFT_OUT = (
    # Sends a wrong cookie beside a good token, and takes the answer for a hole.
    "ignored_auth",
    # A schema cannot say all that is asked of a cursor, a username or a message.
    "positive_data_acceptance",
)


async def test_whatever_is_sent_the_answer_is_one_that_the_description_promises(
    server: KabarProcess, person: Callable[[str], Awaitable[Person]], tmp_path: Path
) -> None:
    """No 5xx; statuses, content types and bodies as described; wrong data refused as a problem."""
    ann, budi = await person("Ann"), await person("Budi")
    direct = await ann.room_with(budi)
    group = {"name": "Garden", "participantIds": [budi.id]}
    rooms = [direct, (await ann.did("POST", "/api/chat/rooms", json=group))["id"]]
    messages = [await ann.say(room, f"Message {n}") for room in rooms for n in range(3)]
    await budi.did("PUT", f"/api/users/{ann.id}/follow")
    configuration = tmp_path / "schemathesis.toml"
    configuration.write_text(
        CONFIGURATION.format(
            rooms=json.dumps(rooms),
            users=json.dumps([ann.id, budi.id, f"@{budi.username}"]),
            messages=json.dumps([message["id"] for message in messages]),
        )
    )

    ended = await run(
        str(Path(sys.executable).with_name("schemathesis")),
        *("--config-file", str(configuration), "--no-color"),
        *("run", f"{server.url}/openapi.json"),
        *("--header", f"Authorization: Bearer {ann.token}"),
        *("--exclude-checks", ",".join(LEFT_OUT)),
        *("--seed", "1", "--warnings", "off"),
        *("--generation-database", "none", "--suppress-health-check", "all"),
        cwd=tmp_path,
    )

    assert ended.code == 0, ended.out[-8000:] + ended.err
    assert "Tested: 116" in ended.out
    assert (await ann.call("GET", "/api/me"))[0] == 200, "the calls were not those of a stranger"
