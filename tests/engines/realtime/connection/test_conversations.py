"""Frames that clients send and get: the same tables without a loop and over real sockets."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any, Protocol

import pytest

from tests.engines.realtime.support import (
    Client,
    ListSocket,
    Loopless,
    client,
    frame,
    join_as,
    running,
    sign_in,
    subscribe,
)

SUCCEEDED = "pusher_internal:subscription_succeeded"
PONG = ("pusher:pong", None, "{}")


def error(message: str, code: int | None = None) -> tuple[str, None, dict[str, Any]]:
    return ("pusher:error", None, {"code": code, "message": message})


def hears(event: str, channel: str, data: object = "{}") -> tuple[str, str, object]:
    return (event, channel, data)


#: name → what alice and bob say, in turn, and what alice has heard in the end; a line
#: is given the socket id of whoever speaks
Line = tuple[str, Callable[[str], str]]
CONVERSATIONS: dict[str, tuple[list[Line], list[tuple[str, str | None, object]]]] = {
    "a ping": ([("alice", lambda _: frame("pusher:ping", {}))], [PONG]),
    "subscribe and unsubscribe": (
        [
            ("alice", lambda id_: subscribe("x", socket_id=id_)),
            ("alice", lambda _: frame("pusher:unsubscribe", {"channel": "x"})),
            ("alice", lambda _: frame("pusher:unsubscribe", {"channel": "x"})),
        ],
        [
            hears(SUCCEEDED, "x"),
            error("No current subscription to channel x, or subscription in progress"),
        ],
    ),
    "subscribe twice": (
        [("alice", lambda id_: subscribe("private-x", socket_id=id_))] * 2,
        [hears(SUCCEEDED, "private-x"), error("Existing subscription to channel private-x")],
    ),
    "data as a string": (
        [("alice", lambda _: frame("pusher:subscribe", '{"channel":"x"}'))],
        [hears(SUCCEEDED, "x")],
    ),
    "rubbish": (
        [
            ("alice", lambda _: "rubbish"),
            ("alice", lambda _: frame("x", {})),
            ("alice", lambda _: "[" * 50_000),
            ("alice", lambda _: frame("pusher:ping", {})),
        ],
        [
            error("Invalid message: it must be a JSON object"),
            error("Unsupported event received on socket: 'x'"),
            error("Invalid message: Expected `object`, got `array`"),
            PONG,
        ],
    ),
    "a client event": (
        [
            ("alice", lambda id_: subscribe("private-x", socket_id=id_)),
            ("bob", lambda id_: subscribe("private-x", socket_id=id_)),
            ("bob", lambda _: frame("client-a", {"b": "ä"}, channel="private-x")),
            ("alice", lambda _: frame("client-mine", "", channel="private-x")),
            ("bob", lambda _: frame("client-c", "text", channel="private-x")),
        ],
        [
            hears(SUCCEEDED, "private-x"),
            hears("client-a", "private-x", '{"b": "\\u00e4"}'),
            hears("client-c", "private-x", "text"),
        ],
    ),
    "a client event from outside": (
        [
            ("alice", lambda id_: subscribe("private-x", socket_id=id_)),
            ("bob", lambda _: frame("client-a", "", channel="private-x")),
            ("alice", lambda _: frame("client-a", "", channel="private-y")),
        ],
        [
            hears(SUCCEEDED, "private-x"),
            error("Cannot broadcast client event (connection not subscribed to channel private-y)"),
        ],
    ),
    "members come and go": (
        [
            ("alice", lambda id_: join_as("alice", socket_id=id_)),
            ("bob", lambda id_: join_as("bob", socket_id=id_)),
            ("bob", lambda _: frame("client-a", "", channel="presence-room")),
            ("bob", lambda _: frame("pusher:unsubscribe", {"channel": "presence-room"})),
        ],
        [
            hears(
                SUCCEEDED,
                "presence-room",
                '{"presence":{"count":1,"ids":["alice"],"hash":{"alice":null}}}',
            ),
            hears(
                "pusher_internal:member_added",
                "presence-room",
                '{"user_id":"bob","user_info":null}',
            ),
            hears("client-a", "presence-room", ""),
            hears("pusher_internal:member_removed", "presence-room", '{"user_id":"bob"}'),
        ],
    ),
    "a user of one's own": (
        [
            ("alice", lambda id_: subscribe("#server-to-user-7", socket_id=id_)),
            ("alice", lambda id_: sign_in({"id": "7"}, socket_id=id_)),
            ("alice", lambda id_: subscribe("#server-to-user-7", socket_id=id_)),
        ],
        [
            error("Only the user signed in on it may subscribe to #server-to-user-7", 4009),
            ("pusher:signin_success", None, '{"user_data":"{\\"id\\": \\"7\\"}"}'),
            hears(SUCCEEDED, "#server-to-user-7"),
        ],
    ),
}


class Stage(Protocol):
    """Where two people talk."""

    async def say(self, who: str, line: Callable[[str], str]) -> None: ...

    async def alice_heard(self) -> list[dict[str, Any]]: ...


class LooplessStage:
    def __init__(self) -> None:
        self._loopless = Loopless()
        self._people: dict[str, ListSocket] = {
            who: self._loopless.connect() for who in ("alice", "bob")
        }

    async def say(self, who: str, line: Callable[[str], str]) -> None:
        socket = self._people[who]
        self._loopless.say(socket, line(socket.connection.socket_id))
        self._loopless.turns.take_all()

    async def alice_heard(self) -> list[dict[str, Any]]:
        return self._people["alice"].heard


class RealStage:
    def __init__(self, alice: Client, bob: Client) -> None:
        self._people = {"alice": alice, "bob": bob}

    async def say(self, who: str, line: Callable[[str], str]) -> None:
        """Say it, and wait until the server has answered a ping after it."""
        speaker = self._people[who]
        await speaker.say(line(speaker.socket_id))
        if who == "bob":
            await speaker.say(frame("pusher:ping", {}))
            while (await speaker.hear())["event"] != "pusher:pong":
                pass

    async def alice_heard(self) -> list[dict[str, Any]]:
        alice, heard = self._people["alice"], []
        await alice.say(frame("pusher:subscribe", {"channel": "the-end"}))
        while (found := await alice.hear()).get("channel") != "the-end":
            heard.append(found)
        return heard


@pytest.fixture(params=["loopless", "real"])
async def stage(request: pytest.FixtureRequest) -> AsyncIterator[Stage]:
    if request.param == "loopless":
        yield LooplessStage()
    else:
        async with running() as server, client(server) as alice, client(server) as bob:
            yield RealStage(alice, bob)


@pytest.mark.parametrize("name", CONVERSATIONS)
async def test_what_is_said_is_heard(stage: Stage, name: str) -> None:
    lines, expected = CONVERSATIONS[name]
    for who, line in lines:
        await stage.say(who, line)
    heard = await stage.alice_heard()
    assert [(each["event"], each.get("channel"), each["data"]) for each in heard] == expected
