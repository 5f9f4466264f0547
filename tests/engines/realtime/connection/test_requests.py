"""Frames that clients send."""

from __future__ import annotations

import pytest

from kabar.engines.realtime.apps.history_rules import Rewind
from kabar.engines.realtime.connection.replay import Recover
from kabar.engines.realtime.connection.requests import (
    ClientEvent,
    Ping,
    Pong,
    Request,
    SignIn,
    Subscribe,
    Unsubscribe,
    User,
    decode,
    decode_channel_data,
    decode_user_data,
)
from kabar.engines.realtime.protocol.errors import Refusal
from kabar.engines.realtime.protocol.frames import Member


@pytest.mark.parametrize(
    ("text", "request_"),
    [
        ('{"event":"pusher:ping","data":{}}', Ping()),
        ('{"event": "pusher:ping"}', Ping()),
        ('{"event":"pusher:pong","data":"{}"}', Pong()),
        ('{"event":"pusher:subscribe","data":{"auth":"","channel":"X"}}', Subscribe("X")),
        ('{"event":"pusher:subscribe","data":{"channel":"X","auth":null}}', Subscribe("X")),
        (r'{"event":"pusher:subscribe","data":"{\"channel\":\"X\"}"}', Subscribe("X")),
        (
            (
                r'{"event":"pusher:subscribe","data":{"auth":"k:s","channel_data":"{\"a\":1}",'
                r'"channel":"presence-X","more":[1]}}'
            ),
            Subscribe("presence-X", "k:s", '{"a":1}'),
        ),
        (
            (
                '{"event":"pusher:subscribe","data":{"channel":"X","rewind":"30s",'
                '"recover":{"epoch":"e","offset":7,"more":1}}}'
            ),
            Subscribe("X", replay=Recover("e", 7)),
        ),
        (
            '{"event":"pusher:subscribe","data":{"channel":"X","rewind":5,"recover":null}}',
            Subscribe("X", replay=Rewind(events=5)),
        ),
        ('{"event":"pusher:unsubscribe","data":{"channel":"X"}}', Unsubscribe("X")),
        (
            r'{"event":"pusher:signin","data":{"auth":"k:s","user_data":"{\"id\":\"1\"}"}}',
            SignIn('{"id":"1"}', "k:s"),
        ),
        (
            '{"event":"client-x","channel":"private-X","data":"as it is"}',
            ClientEvent("client-x", "private-X", "as it is"),
        ),
        (
            '{"event":"client-x","channel":"private-X","data":{"a": [1.50, "ä"]}}',
            ClientEvent("client-x", "private-X", '{"a": [1.50, "ä"]}'),
        ),
        (
            '{"event":"client-x","channel":"private-X","data":null}',
            ClientEvent("client-x", "private-X", "null"),
        ),
    ],
)
def test_official_clients_are_understood(text: str, request_: Request) -> None:
    assert decode(text) == request_


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "it must be a JSON object"),
        ("{", "it must be a JSON object"),
        ("hello", "it must be a JSON object"),
        ("null", "Expected `object`"),
        ("[]", "Expected `object`"),
        ("{}", "missing required field `event`"),
        ('{"event":7}', "Expected `str`"),
        ('{"event":"client-x","channel":7,"data":1}', "Expected `str | null`"),
        (r'{"event":"\ud800"}', "it must be a JSON object"),
        ('{"event":"x","data":' + "[" * 200_000 + "]" * 200_000 + "}", "it must be a JSON object"),
        ('{"event":"x"}', "Unsupported event received on socket: 'x'"),
        ('{"event":"pusher:y"}', "Unsupported event received on socket: 'pusher:y'"),
        ('{"event":"pusher_internal:member_added"}', "Unsupported event received on socket: "),
        ('{"event":"pusher:subscribe"}', "Missing parameter: data.channel"),
        ('{"event":"pusher:subscribe","data":{}}', "Missing parameter: data.channel"),
        ('{"event":"pusher:subscribe","data":"{}"}', "Missing parameter: data.channel"),
        ('{"event":"pusher:subscribe","data":null}', "Expected `object`"),
        ('{"event":"pusher:subscribe","data":"X"}', "it must be a JSON object"),
        ('{"event":"pusher:subscribe","data":[1]}', "Expected `object`"),
        ('{"event":"pusher:subscribe","data":{"channel":1}}', "data.channel must be a string"),
        (
            '{"event":"pusher:subscribe","data":{"channel":"X","auth":{}}}',
            "data.auth must be a string",
        ),
        (
            '{"event":"pusher:subscribe","data":{"channel":"X","channel_data":{}}}',
            "data.channel_data must be a string",
        ),
        ('{"event":"pusher:unsubscribe","data":{}}', "Missing parameter: data.channel"),
        ('{"event":"pusher:signin","data":{"auth":"k:s"}}', "Missing parameter: data.user_data"),
        ('{"event":"pusher:signin","data":{"user_data":"{}"}}', "Missing parameter: data.auth"),
        (
            '{"event":"client-x","channel":"private-X"}',
            "Invalid client event (must contain channel and data)",
        ),
        ('{"event":"client-x","data":1}', "Invalid client event (must contain channel and data)"),
    ],
)
def test_anything_else_is_refused_in_words(text: str, says: str) -> None:
    with pytest.raises(Refusal) as caught:
        decode(text)
    assert says in caught.value.message
    assert caught.value.code is None


@pytest.mark.parametrize(
    ("text", "request_"),
    [
        ('{"event":"client-x","event":"pusher:ping"}', Ping()),
        ('{"event":"pusher:ping","e\\u0076ent":"pusher:pong"}', Pong()),
        ('{"event":"pusher:unsubscribe","data":{"channel":"a","channel":"b"}}', Unsubscribe("b")),
        (
            '{"event":"pusher:unsubscribe","data":{"channel":"a"},"data":{"channel":"b"}}',
            Unsubscribe("b"),
        ),
        (
            '{"event":"client-x","channel":"a","channel":"b","data":1,"data":2}',
            ClientEvent("client-x", "b", "2"),
        ),
    ],
)
def test_of_a_name_that_stands_twice_the_last_is_read(text: str, request_: Request) -> None:
    """As clients read it too; what a frame asks for is read once, and nobody looks before."""
    assert decode(text) == request_


def test_of_a_name_that_stands_twice_in_who_one_is_the_last_is_read() -> None:
    assert decode_channel_data('{"user_id":"a","user_id":"b"}') == Member("b")
    assert decode_user_data('{"id":"a","id":"b","watchlist":["x"],"watchlist":[]}') == User(
        Member("b"), ()
    )


@pytest.mark.parametrize(
    ("text", "member"),
    [
        ('{"user_id":"a"}', Member("a")),
        ('{"user_id":10,"user_info":{"name": "M"}}', Member("10", b'{"name": "M"}')),
        ('{"user_id":"a","user_info":null,"more":1}', Member("a")),
    ],
)
def test_channel_data_names_a_member(text: str, member: Member) -> None:
    assert decode_channel_data(text) == member


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", '{"user_id":null}', '{"user_id":1.5}', '{"user_id":""}']
)
def test_channel_data_without_a_user_is_refused(text: str) -> None:
    with pytest.raises(Refusal):
        decode_channel_data(text)


def test_user_info_must_be_a_hash() -> None:
    with pytest.raises(Refusal) as caught:
        decode_channel_data('{"user_id":"a","user_info":[1]}')
    assert caught.value.message == (
        "user_info supplied to presence subscription is invalid - "
        "if supplied it must be a type of hash"
    )


@pytest.mark.parametrize("text", ["", "{}", '{"id":7}', '{"id":""}', '{"id":"1","user_info":7}'])
def test_a_sign_in_needs_an_id_that_is_a_string(text: str) -> None:
    with pytest.raises(Refusal):
        decode_user_data(text)
    assert decode_user_data('{"id":"7","user_info":{}}') == User(Member("7", b"{}"), None)
