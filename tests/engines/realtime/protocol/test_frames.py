"""Frames that the server sends, byte for byte."""

from __future__ import annotations

import pytest

from kabar.engines.realtime.protocol import errors, frames
from kabar.engines.realtime.protocol.frames import Member


@pytest.mark.parametrize(
    ("frame", "text"),
    [
        (
            frames.connection_established("45481.3166671", 120),
            (
                r'{"event":"pusher:connection_established",'
                r'"data":"{\"socket_id\":\"45481.3166671\",\"activity_timeout\":120}"}'
            ),
        ),
        (frames.PONG, '{"event":"pusher:pong","data":"{}"}'),
        (
            frames.subscription_succeeded("X"),
            '{"event":"pusher_internal:subscription_succeeded","channel":"X","data":"{}"}',
        ),
        (
            frames.presence_subscription_succeeded(
                "presence-X", [Member("a", b'{"name":"A"}'), Member("b")]
            ),
            (
                r'{"event":"pusher_internal:subscription_succeeded","channel":"presence-X",'
                r'"data":"{\"presence\":{\"count\":2,\"ids\":[\"a\",\"b\"],'
                r'\"hash\":{\"a\":{\"name\":\"A\"},\"b\":null}}}"}'
            ),
        ),
        (
            frames.presence_subscription_succeeded("presence-X", []),
            (
                r'{"event":"pusher_internal:subscription_succeeded","channel":"presence-X",'
                r'"data":"{\"presence\":{\"count\":0,\"ids\":[],\"hash\":{}}}"}'
            ),
        ),
        (
            frames.signin_success('{"id":"1"}'),
            r'{"event":"pusher:signin_success","data":"{\"user_data\":\"{\\\"id\\\":\\\"1\\\"}\"}"}',
        ),
        (
            frames.channel_event("my-event", "X", "as published", None),
            '{"event":"my-event","channel":"X","data":"as published"}',
        ),
        (
            frames.channel_event("client-x", "presence-X", "", "a"),
            '{"event":"client-x","channel":"presence-X","data":"","user_id":"a"}',
        ),
        (
            frames.error(4001, "no"),
            '{"event":"pusher:error","data":{"code":4001,"message":"no"}}',
        ),
        (
            frames.error(None, "no"),
            '{"event":"pusher:error","data":{"code":null,"message":"no"}}',
        ),
    ],
)
def test_a_frame_is_what_the_hosted_service_sends(frame: bytes, text: str) -> None:
    assert frame.decode() == text


def test_members_come_with_what_is_known_of_them_and_go_by_id() -> None:
    assert frames.member_added(Member("b", b'{"x":1}')) == '{"user_id":"b","user_info":{"x":1}}'
    assert frames.member_added(Member("b")) == '{"user_id":"b","user_info":null}'
    assert frames.member_removed("b") == '{"user_id":"b"}'


def test_an_error_that_echoes_a_client_stays_short() -> None:
    assert len(errors.Refusal("x" * 100_000).message) == 2_000


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (errors.NoSuchApp, 4001, "App does not exist"),
        (errors.AppDisabled, 4003, "App disabled"),
        (errors.OverQuota, 4004, "Account over quota"),
        (errors.PathNotFound, 4005, "Path not found"),
        (errors.InvalidVersion, 4006, "Invalid version string format"),
        (errors.UnsupportedVersion, 4007, "Unsupported protocol version"),
        (errors.NoVersion, 4008, "No protocol version supplied"),
        (errors.Unauthorized, 4009, "Connection is unauthorized"),
        (errors.OverCapacity, 4100, "Over capacity"),
        (errors.ReconnectNow, 4200, "Reconnect immediately"),
        (errors.PongNotReceived, 4201, "Pong not received"),
        (errors.ClientEventRateExceeded, 4301, "Client event rejected due to rate limit"),
        (errors.Refusal, None, "The connection stays open. Most refusals have no code."),
    ],
)
def test_an_error_has_its_code_and_its_docstring_for_a_message(
    error: type[errors.PusherError], code: int | None, message: str
) -> None:
    assert (error().code, error().message) == (code, message)
