"""The connection, frame by frame: no loop, no network."""

from __future__ import annotations

import json
from typing import Any

import pytest

from kabar.engines.realtime.apps.app import App
from kabar.engines.realtime.connection.effects import Join, Leave, Send
from kabar.engines.realtime.limits import RealtimeLimits
from kabar.engines.realtime.protocol import signing
from kabar.engines.realtime.protocol.frames import Member
from tests.engines.realtime.support import (
    APP,
    SOCKET_ID,
    error_of,
    frame,
    join_as,
    new_connection,
    said_to,
    sign_in,
    subscribe,
)


def test_the_greeting_has_the_socket_id_and_the_timeout() -> None:
    connection = new_connection(limits=RealtimeLimits(activity_timeout=77))
    [effect] = connection.greet()
    assert isinstance(effect, Send)
    data = json.loads(json.loads(effect.frame)["data"])
    assert data == {"socket_id": SOCKET_ID, "activity_timeout": 77}


@pytest.mark.parametrize("text", [frame("pusher:ping", {}), '{"event": "pusher:ping"}'])
def test_a_ping_is_answered(text: str) -> None:
    assert said_to(new_connection(), text) == [Send(b'{"event":"pusher:pong","data":"{}"}')]


def test_a_pong_is_not() -> None:
    assert said_to(new_connection(), frame("pusher:pong", {})) == []


@pytest.mark.parametrize("channel", ["public", "private-x", "private-encrypted-x"])
def test_a_subscription_is_a_join(channel: str) -> None:
    connection = new_connection()
    assert said_to(connection, subscribe(channel)) == [Join(channel)]
    assert connection.subscriptions == {channel: None}


def test_a_presence_subscription_joins_as_its_member() -> None:
    connection = new_connection()
    text = subscribe("presence-x", channel_data='{"user_id":10,"user_info":{"name":"M"}}')
    assert said_to(connection, text) == [Join("presence-x", Member("10", b'{"name":"M"}'))]


def test_whoever_signed_in_joins_presence_as_that_user() -> None:
    connection = new_connection()
    said_to(connection, sign_in({"id": "7", "user_info": {"name": "S"}}))
    assert said_to(connection, subscribe("presence-x")) == [
        Join("presence-x", Member("7", b'{"name": "S"}'))
    ]


def test_channel_data_precedes_the_sign_in() -> None:
    connection = new_connection()
    said_to(connection, sign_in({"id": "7"}))
    assert said_to(connection, join_as("8")) == [Join("presence-room", Member("8"))]


def test_unsubscribing_is_a_leave_and_no_answer() -> None:
    connection = new_connection()
    said_to(connection, subscribe("x"), join_as("7"))
    assert said_to(connection, frame("pusher:unsubscribe", {"channel": "x"})) == [Leave("x")]
    assert said_to(connection, frame("pusher:unsubscribe", {"channel": "presence-room"})) == [
        Leave("presence-room", Member("7"))
    ]
    assert connection.subscriptions == {}


def auth(key: str, secret: str, text: str) -> str:
    return f"{key}:{signing.sign(secret, text)}"


RIGHT = f"{SOCKET_ID}:private-x"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"channel": "a b"}, "Invalid channel name: a b"),
        ({"channel": "#else"}, "Invalid channel name: #else"),
        ({"channel": "x" * 165}, "Invalid channel name: " + "x" * 165),
        (
            {"channel": "private-x"},
            "Invalid format: auth must have the format key:signature",
        ),
        (
            {"channel": "private-x", "auth": auth("no-key", APP.secret, RIGHT)},
            "Invalid key in subscription auth data: 'no-key'",
        ),
        (
            {"channel": "private-x", "auth": "app-key:no"},
            "Invalid signature: Expected HMAC SHA256 hex digest of 12.34:private-x, but got no",
        ),
        (
            {"channel": "private-x", "auth": "app-key:" + "ä"},
            "Invalid signature: Expected HMAC SHA256 hex digest of 12.34:private-x, but got ä",
        ),
        (
            {"channel": "presence-x", "auth": "app-key:no", "channel_data": '{"user_id":"1"}'},
            (
                "Invalid signature: Expected HMAC SHA256 hex digest of "
                '12.34:presence-x:{"user_id":"1"}, but got no'
            ),
        ),
        (
            {
                "channel": "presence-x",
                "auth": auth("app-key", APP.secret, f"{SOCKET_ID}:presence-x"),
            },
            "presence-x is a presence channel and subscription must include channel_data",
        ),
    ],
)
def test_a_wrong_subscription_is_refused_and_the_connection_stays(
    data: dict[str, str], message: str
) -> None:
    connection = new_connection()
    effects = said_to(connection, frame("pusher:subscribe", data))
    assert error_of(effects) == {"code": None, "message": message}
    assert connection.subscriptions == {}


@pytest.mark.parametrize(
    "signed",
    [
        "99.99:private-x",
        f"{SOCKET_ID}:private-y",
        f"{SOCKET_ID}:private-x:",
        f"{SOCKET_ID}::user::private-x",
    ],
)
def test_a_signature_is_for_this_socket_and_this_channel(signed: str) -> None:
    data = {"channel": "private-x", "auth": auth(APP.key, APP.secret, signed)}
    effects = said_to(new_connection(), frame("pusher:subscribe", data))
    assert error_of(effects)["message"].startswith("Invalid signature: ")


def test_a_signature_of_another_app_is_none() -> None:
    other = App(id="2", key=APP.key, secret="another")
    effects = said_to(new_connection(), subscribe("private-x", app=other))
    assert error_of(effects)["message"].startswith("Invalid signature: ")


def test_subscribing_twice_is_refused() -> None:
    effects = said_to(new_connection(), subscribe("x"), subscribe("x"))[1:]
    assert error_of(effects) == {"code": None, "message": "Existing subscription to channel x"}


def test_unsubscribing_from_nothing_is_refused() -> None:
    effects = said_to(new_connection(), frame("pusher:unsubscribe", {"channel": "x"}))
    assert error_of(effects) == {
        "code": None,
        "message": "No current subscription to channel x, or subscription in progress",
    }


def test_one_may_unsubscribe_and_come_back_as_often_as_one_likes() -> None:
    connection = new_connection()
    for _ in range(50):
        assert said_to(connection, subscribe("x")) == [Join("x")]
        assert said_to(connection, frame("pusher:unsubscribe", {"channel": "x"})) == [Leave("x")]


def test_a_connection_has_only_so_many_subscriptions() -> None:
    connection = new_connection(limits=RealtimeLimits(max_subscriptions=3))
    said_to(connection, *[subscribe(f"c{number}") for number in range(3)])
    assert "Too many" in error_of(said_to(connection, subscribe("c3")))["message"]


@pytest.mark.parametrize(
    ("user", "says"),
    [
        ({"user_id": "x" * 129}, "128 characters"),
        ({"user_id": "1", "user_info": {"a": "x" * 1024}}, "1024 bytes"),
    ],
)
def test_a_member_has_only_so_much_to_say(user: dict[str, Any], says: str) -> None:
    text = subscribe("presence-x", channel_data=json.dumps(user))
    assert says in error_of(said_to(new_connection(), text))["message"]


def test_a_lost_connection_leaves_everything() -> None:
    connection = new_connection()
    said_to(connection, subscribe("x"), join_as("7"))
    assert connection.lost() == [Leave("x"), Leave("presence-room", Member("7"))]
    assert connection.lost() == []
