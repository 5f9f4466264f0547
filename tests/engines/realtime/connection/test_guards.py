"""Channels that look public and are not."""

from __future__ import annotations

from typing import Any

import pytest

from kabar.engines.realtime.connection.connection import Connection
from kabar.engines.realtime.connection.effects import AskGuard, BelongTo, Close, Join
from tests.engines.realtime.support import (
    error_of,
    frame,
    new_connection,
    said_to,
    sign_in,
    subscribe,
)


def guarded(**changes: Any) -> Connection:
    return new_connection(guarded=("user-", "group-"), can_identify=True, **changes)


def test_a_guarded_channel_asks_whose_handshake_it_was_and_then_the_guard() -> None:
    connection = guarded()
    assert said_to(connection, subscribe("user-7")) == [AskGuard("user-7")]
    assert connection.is_waiting
    assert connection.identified("7") == [BelongTo("7")]
    assert connection.guarded(may_hear=True) == [Join("user-7")]
    assert not connection.is_waiting


@pytest.mark.parametrize("identity", [None, "8"])
def test_a_guarded_channel_is_closed_to_strangers_and_others(identity: str | None) -> None:
    connection = guarded()
    said_to(connection, subscribe("user-7"))
    connection.identified(identity)
    assert error_of(connection.guarded(may_hear=False)) == {
        "code": 4009,
        "message": "This connection may not subscribe to user-7",
    }
    assert connection.subscriptions == {}


def test_the_identity_is_asked_for_once_and_a_stranger_is_not_looked_at_again() -> None:
    connection = guarded()
    said_to(connection, subscribe("user-8"))
    connection.identified(None)
    connection.guarded(may_hear=False)
    assert error_of(said_to(connection, subscribe("user-7")))["code"] == 4009


def test_whoever_signed_in_is_not_asked_for_a_cookie() -> None:
    connection = guarded()
    said_to(connection, sign_in({"id": "7"}))
    assert connection.known_user == "7"
    assert said_to(connection, subscribe("user-7")) == [AskGuard("user-7")]
    assert connection.guarded(may_hear=True) == [Join("user-7")]


def test_where_nobody_can_tell_a_guard_only_believes_sign_ins() -> None:
    connection = new_connection(guarded=("user-",))
    assert error_of(said_to(connection, subscribe("user-7")))["code"] == 4009
    said_to(connection, sign_in({"id": "7"}))
    assert said_to(connection, subscribe("user-7")) == [AskGuard("user-7")]


def test_guards_do_not_stand_before_other_channels() -> None:
    for channel in ("my-user-7", "users-7", "grouped"):
        assert said_to(guarded(), subscribe(channel)) == [Join(channel)]


def test_who_loses_a_channel_while_its_guard_looks_does_not_get_in() -> None:
    """What the guard saw may have been before."""
    connection = guarded()
    said_to(connection, subscribe("group-1"))
    connection.identified("7")
    assert connection.revoke("group-1", "7") == []
    effects = connection.guarded(may_hear=True)
    assert isinstance(effects[-1], Close)
    assert effects[-1].code == 4200
    assert connection.subscriptions == {}


def test_an_answer_that_nobody_waits_for_changes_nothing() -> None:
    connection = guarded()
    assert connection.guarded(may_hear=True) == []
    assert said_to(connection, frame("pusher:unsubscribe", {"channel": "user-7"})) != []
    assert connection.subscriptions == {}
