"""Channels that look public and are guarded, and subscriptions that are revoked."""

from __future__ import annotations

from typing import Any

import pytest

from kabar.engines.realtime.connection.connection import Connection
from kabar.engines.realtime.connection.effects import (
    AskIdentity,
    BelongTo,
    Close,
    Join,
    Leave,
    Send,
)
from kabar.engines.realtime.protocol.frames import Member
from tests.engines.realtime.support import (
    error_of,
    frame,
    join_as,
    new_connection,
    said_to,
    sign_in,
    subscribe,
)


def own_guard(user_id: str | None, channel: str) -> bool:
    return channel == f"user-{user_id}"


def guarded(**changes: Any) -> Connection:
    return new_connection(guards={"user-": own_guard}, can_identify=True, **changes)


def test_a_guarded_channel_asks_whose_handshake_it_was_and_then_lets_in() -> None:
    connection = guarded()
    assert said_to(connection, subscribe("user-7")) == [AskIdentity()]
    assert connection.identified("7", 0.0) == [BelongTo("7"), Join("user-7")]


@pytest.mark.parametrize("identity", [None, "8"])
def test_a_guarded_channel_is_closed_to_strangers_and_others(identity: str | None) -> None:
    connection = guarded()
    said_to(connection, subscribe("user-7"))
    effects = [e for e in connection.identified(identity, 0.0) if not isinstance(e, BelongTo)]
    assert error_of(effects) == {
        "code": 4009,
        "message": "This connection may not subscribe to user-7",
    }
    assert connection.subscriptions == {}


def test_the_identity_is_asked_for_once() -> None:
    connection = guarded()
    said_to(connection, subscribe("user-8"))
    connection.identified("7", 0.0)
    assert said_to(connection, subscribe("user-7")) == [Join("user-7")]
    assert error_of(said_to(connection, subscribe("user-9")))["code"] == 4009


def test_whoever_signed_in_is_not_asked_for_a_cookie() -> None:
    connection = guarded()
    said_to(connection, sign_in({"id": "7"}))
    assert said_to(connection, subscribe("user-7")) == [Join("user-7")]
    assert error_of(said_to(connection, subscribe("user-8")))["code"] == 4009


def test_where_nobody_can_tell_a_guard_only_believes_sign_ins() -> None:
    connection = new_connection(guards={"user-": own_guard})
    assert error_of(said_to(connection, subscribe("user-7")))["code"] == 4009


def test_what_comes_meanwhile_is_answered_afterwards_in_order() -> None:
    connection = guarded()
    meanwhile = [
        subscribe("user-7"),
        subscribe("a"),
        frame("pusher:ping", {}),
        frame("pusher:unsubscribe", {"channel": "user-7"}),
    ]
    assert said_to(connection, *meanwhile) == [AskIdentity()]
    assert connection.identified("7", 0.0) == [
        BelongTo("7"),
        Join("user-7"),
        Join("a"),
        Send(b'{"event":"pusher:pong","data":"{}"}'),
        Leave("user-7"),
    ]


def test_guards_do_not_stand_before_other_channels() -> None:
    assert said_to(guarded(), subscribe("my-user-7")) == [Join("my-user-7")]


def test_a_revoked_user_is_out_at_once_and_told() -> None:
    connection = new_connection()
    said_to(connection, subscribe("private-x"))
    connection.belong_to("7")
    effects = connection.revoke("private-x", "7")
    assert effects[0] == Leave("private-x")
    assert error_of(effects[1:]) == {
        "code": None,
        "message": "Subscription to channel private-x was revoked",
    }
    assert connection.subscriptions == {}


def test_the_old_signature_does_not_let_a_revoked_user_back_in() -> None:
    """It stays right for as long as the socket id does, so the socket has to go."""
    connection = new_connection()
    connection.belong_to("7")
    for revoked_while_subscribed in (True, False):
        if revoked_while_subscribed:
            said_to(connection, subscribe("private-x"))
        connection.revoke("private-x", "7")
        effects = said_to(connection, subscribe("private-x"))
        assert isinstance(effects[-1], Close)
        assert effects[-1].code == 4200


def test_a_member_is_known_by_what_it_joined_as() -> None:
    connection = new_connection()
    said_to(connection, join_as("7"))
    assert connection.revoke("presence-room", "8") == []
    assert connection.revoke("presence-room", "7")[0] == Leave("presence-room", Member("7"))


def test_others_are_left_alone() -> None:
    connection = new_connection()
    said_to(connection, subscribe("private-x"))
    connection.belong_to("8")
    assert connection.revoke("private-x", "7") == []
    assert said_to(connection, frame("pusher:unsubscribe", {"channel": "private-x"})) == [
        Leave("private-x")
    ]


def test_a_subscriber_whom_nobody_knows_must_be_authorised_again() -> None:
    connection = new_connection()
    assert connection.revoke("private-x", "7") == []
    said_to(connection, subscribe("private-x"))
    [effect] = connection.revoke("private-x", "7")
    assert isinstance(effect, Close)
    assert effect.code == 4200


def test_nobody_can_hide_behind_a_second_name() -> None:
    connection = new_connection()
    assert connection.belong_to("7") == [BelongTo("7")]
    assert connection.belong_to("8") == [BelongTo("8")]
    assert connection.belong_to("7") == []
    said_to(connection, subscribe("private-x"))
    assert connection.revoke("private-x", "7")[0] == Leave("private-x")
