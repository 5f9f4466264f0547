"""Connections that must show who they are, where an app wants that."""

from __future__ import annotations

import pytest

from kabar.engines.realtime.apps.app import App
from kabar.engines.realtime.connection.effects import Authorized, Join
from kabar.engines.realtime.limits import RealtimeLimits
from kabar.engines.realtime.protocol import errors
from tests.engines.realtime.support import (
    ListSocket,
    Loopless,
    client,
    frame,
    join_as,
    new_connection,
    running,
    said_to,
    sign_in,
    subscribe,
)

STRICT = App(
    id="1",
    key="app-key",
    secret="app-secret",
    subscription_count=False,
    authorized_connections=True,
    authorization_timeout=1,
    max_connections=2,
)


@pytest.mark.parametrize(
    "text",
    [
        subscribe("private-x"),
        subscribe("private-encrypted-x"),
        join_as("7"),
        sign_in({"id": "7"}),
    ],
)
def test_signing_in_and_joining_what_needs_a_signature_authorise(text: str) -> None:
    connection = new_connection(STRICT)
    seconds = connection.authorization_seconds
    assert said_to(connection, text)[0] == Authorized()
    assert (seconds, connection.authorization_seconds) == (1, None)
    said_to(connection, frame("pusher:unsubscribe", {"channel": "private-x"}))
    assert connection.authorization_seconds is None
    assert Authorized() not in said_to(connection, subscribe("private-y"))


@pytest.mark.parametrize(
    "text",
    [
        subscribe("x"),
        frame("pusher:ping", {}),
        frame("pusher:subscribe", {"channel": "private-x", "auth": "app-key:wrong"}),
        frame("pusher:signin", {"auth": "app-key:wrong", "user_data": '{"id":"7"}'}),
        subscribe("#server-to-user-7"),
    ],
)
def test_nothing_else_does(text: str) -> None:
    connection = new_connection(STRICT)
    assert Authorized() not in said_to(connection, text)
    assert connection.authorization_seconds == 1


def test_other_apps_do_not_ask() -> None:
    connection = new_connection()
    assert connection.authorization_seconds is None
    assert said_to(connection, subscribe("private-x")) == [Join("private-x")]


def test_only_those_who_are_known_count_to_the_quota() -> None:
    loopless = Loopless(STRICT)
    strangers = [loopless.connect(STRICT) for _ in range(5)]
    for socket in strangers[:3]:
        loopless.subscribe(socket, "private-x")
    assert [socket.closed and socket.closed[0] for socket in strangers] == [
        None,
        None,
        4004,
        None,
        None,
    ]
    assert [each["event"] for each in strangers[2].heard] == ["pusher:error"]
    # Who goes makes room, and makes it once.
    strangers[0].close(1000, "")
    strangers[3].close(1000, "")
    late = loopless.connect(STRICT)
    loopless.subscribe(late, "private-x")
    assert late.closed is None
    too_late = loopless.connect(STRICT)
    loopless.subscribe(too_late, "private-x")
    assert too_late.closed == (4004, errors.OverQuota().message)
    assert heard_members(loopless) == 2


def heard_members(loopless: Loopless) -> int:
    return loopless.node.hub.space(STRICT.id).counts.of("private-x")


def test_a_connection_that_is_closed_half_way_leaves_nothing_behind() -> None:
    """What was held back while it was asked who it is, is not done after the close."""
    loopless = Loopless(guarded=("user-",), can_identify=True, limits=RealtimeLimits())
    socket: ListSocket = loopless.connect()
    loopless.say(socket, frame("pusher:subscribe", {"channel": "user-7"}))
    loopless.sign(socket, "7", "private-y")
    socket.connection.revoke("private-y", "7")
    for channel in ("private-y", "z"):
        loopless.subscribe(socket, channel)
    loopless.answer(socket, "7")
    assert socket.closed is not None
    assert not loopless.node.hub.space("1").channels


async def test_a_stranger_is_closed_in_time_and_a_user_is_not() -> None:
    limits = RealtimeLimits(drain_seconds=0.0, close_timeout=0.4)
    async with (
        running(STRICT, limits=limits) as server,
        client(server) as stranger,
        client(server) as user,
    ):
        await user.subscribe("private-x")
        await stranger.subscribe("x")
        assert await stranger.hear() == {
            "event": "pusher:error",
            "data": {"code": 4009, "message": "Connection not authorized within timeout"},
        }
        assert await stranger.closing() == (4009, "Connection not authorized within timeout")
        assert await user.is_silent()


async def test_a_client_that_has_not_said_a_word_for_a_day_is_asked_and_closed() -> None:
    limits = RealtimeLimits(
        inactivity_timeout=0.4, pong_timeout=0.4, close_timeout=0.4, drain_seconds=0.0
    )
    async with running(limits=limits) as server, client(server) as mute, client(server) as alive:
        for person in (mute, alive):
            assert await person.hear() == {"event": "pusher:ping", "data": "{}"}
        await alive.say(frame("pusher:pong", {}))
        assert (await mute.hear())["data"] == {"code": 4202, "message": "Closed after inactivity"}
        assert (await mute.closing())[0] == 4202
        assert (await alive.hear())["event"] == "pusher:ping"
