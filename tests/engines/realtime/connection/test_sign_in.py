"""Signing in on a connection."""

from __future__ import annotations

import json

import pytest

from kabar.engines.realtime.connection.effects import BelongTo, ComeOnline, GoOffline, Join, Send
from kabar.engines.realtime.protocol.frames import Member
from tests.engines.realtime.support import (
    error_of,
    frame,
    new_connection,
    said_to,
    sign_in,
    subscribe,
)


def test_signing_in_is_confirmed_with_the_very_data() -> None:
    connection = new_connection()
    effects = said_to(connection, sign_in({"id": "7", "user_info": {"a": 1}}))
    assert effects[0] == BelongTo("7")
    assert isinstance(effects[1], Send)
    assert effects[2:] == [ComeOnline("7")]
    found = json.loads(effects[1].frame)
    assert found["event"] == "pusher:signin_success"
    assert json.loads(json.loads(found["data"])["user_data"]) == {"id": "7", "user_info": {"a": 1}}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (
            {"auth": "x", "user_data": "{}"},
            "Invalid format: auth must have the format key:signature",
        ),
        ({"auth": "k:s", "user_data": "{}"}, "Invalid key in signin auth data: 'k'"),
        (
            {"auth": "app-key:s", "user_data": "{}"},
            "Invalid signature: Expected HMAC SHA256 hex digest of 12.34::user::{}, but got s",
        ),
    ],
)
def test_a_wrong_sign_in_is_refused(data: dict[str, str], message: str) -> None:
    connection = new_connection()
    assert error_of(said_to(connection, frame("pusher:signin", data)))["message"] == message
    assert connection.user is None


def test_a_connection_stays_with_the_user_it_has() -> None:
    connection = new_connection()
    said_to(connection, sign_in({"id": "7"}))
    assert "another user" in error_of(said_to(connection, sign_in({"id": "8"})))["message"]
    assert len(said_to(connection, sign_in({"id": "7"}))) == 1
    assert connection.user == Member("7")
    assert connection.lost()[-1] == GoOffline("7")
    assert connection.lost() == []


def test_the_channel_of_a_user_is_that_users_alone() -> None:
    connection = new_connection()
    assert error_of(said_to(connection, subscribe("#server-to-user-7")))["code"] == 4009
    said_to(connection, sign_in({"id": "7"}))
    assert said_to(connection, subscribe("#server-to-user-7")) == [Join("#server-to-user-7")]
    assert error_of(said_to(connection, subscribe("#server-to-user-8")))["code"] == 4009
