"""Frames that the server sends, byte for byte."""

from __future__ import annotations

import pytest

from kabar.realtime import protocol
from kabar.realtime.protocol import Member


@pytest.mark.parametrize(
    ("frame", "text"),
    [
        (
            protocol.connection_established("45481.3166671", 120),
            (
                r'{"event":"pusher:connection_established",'
                r'"data":"{\"socket_id\":\"45481.3166671\",\"activity_timeout\":120}"}'
            ),
        ),
        (protocol.PONG, '{"event":"pusher:pong","data":"{}"}'),
        (
            protocol.subscription_succeeded("X"),
            '{"event":"pusher_internal:subscription_succeeded","channel":"X","data":"{}"}',
        ),
        (
            protocol.presence_subscription_succeeded(
                "presence-X", [Member("a", b'{"name":"A"}'), Member("b")]
            ),
            (
                r'{"event":"pusher_internal:subscription_succeeded","channel":"presence-X",'
                r'"data":"{\"presence\":{\"count\":2,\"ids\":[\"a\",\"b\"],'
                r'\"hash\":{\"a\":{\"name\":\"A\"},\"b\":null}}}"}'
            ),
        ),
        (
            protocol.presence_subscription_succeeded("presence-X", []),
            (
                r'{"event":"pusher_internal:subscription_succeeded","channel":"presence-X",'
                r'"data":"{\"presence\":{\"count\":0,\"ids\":[],\"hash\":{}}}"}'
            ),
        ),
        (
            protocol.signin_success('{"id":"1"}'),
            r'{"event":"pusher:signin_success","data":"{\"user_data\":\"{\\\"id\\\":\\\"1\\\"}\"}"}',
        ),
        (
            protocol.channel_event("my-event", "X", "as published", None),
            '{"event":"my-event","channel":"X","data":"as published"}',
        ),
        (
            protocol.channel_event("client-x", "presence-X", "", "a"),
            '{"event":"client-x","channel":"presence-X","data":"","user_id":"a"}',
        ),
        (
            protocol.error(4001, "no"),
            '{"event":"pusher:error","data":{"code":4001,"message":"no"}}',
        ),
        (
            protocol.error(None, "no"),
            '{"event":"pusher:error","data":{"code":null,"message":"no"}}',
        ),
    ],
)
def test_a_frame_is_what_the_hosted_service_sends(frame: bytes, text: str) -> None:
    assert frame.decode() == text


def test_members_come_with_what_is_known_of_them_and_go_by_id() -> None:
    assert protocol.member_added(Member("b", b'{"x":1}')) == '{"user_id":"b","user_info":{"x":1}}'
    assert protocol.member_added(Member("b")) == '{"user_id":"b","user_info":null}'
    assert protocol.member_removed("b") == '{"user_id":"b"}'


def test_an_error_that_echoes_a_client_stays_short() -> None:
    assert len(protocol.Refusal("x" * 100_000).message) == 2_000


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (protocol.NoSuchApp, 4001, "App does not exist"),
        (protocol.AppDisabled, 4003, "App disabled"),
        (protocol.OverQuota, 4004, "Account over quota"),
        (protocol.PathNotFound, 4005, "Path not found"),
        (protocol.InvalidVersion, 4006, "Invalid version string format"),
        (protocol.UnsupportedVersion, 4007, "Unsupported protocol version"),
        (protocol.NoVersion, 4008, "No protocol version supplied"),
        (protocol.Unauthorized, 4009, "Connection is unauthorized"),
        (protocol.OverCapacity, 4100, "Over capacity"),
        (protocol.ReconnectNow, 4200, "Reconnect immediately"),
        (protocol.PongNotReceived, 4201, "Pong not received"),
        (protocol.ClientEventRateExceeded, 4301, "Client event rejected due to rate limit"),
        (protocol.Refusal, None, "The connection stays open. Most refusals have no code."),
    ],
)
def test_an_error_has_its_code_and_its_docstring_for_a_message(
    error: type[protocol.PusherError], code: int | None, message: str
) -> None:
    assert (error().code, error().message) == (code, message)
