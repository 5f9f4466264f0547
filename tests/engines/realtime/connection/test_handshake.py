"""Which handshakes are let in, and to which app."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kabar.engines.realtime.apps.app import App
from kabar.engines.realtime.apps.apps import Apps
from kabar.engines.realtime.connection.handshake import admit, choose_subprotocol
from kabar.engines.realtime.protocol import errors
from tests.engines.realtime.support import APP, handshake

SHUT = App(id="3", key="shut", secret="s", enabled=False)
APPS = Apps([APP, SHUT])


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/app/app-key", "protocol=7&client=js&version=8.6.0&flash=false"),
        ("/app/app-key", "protocol=6"),
        ("/app/app-key", "?client=java-client&protocol=5&version=1"),
        ("/app/app%2Dkey", "protocol=7"),
        ("/app/app-key/", "protocol=7"),
        ("/some/prefix/app/app-key", "protocol=7"),
        ("/app/app-key", "a=b&" * 249 + "protocol=7"),
    ],
)
def test_official_clients_are_let_in(path: str, query: str) -> None:
    assert admit(handshake(path, query), APPS) is APP


@pytest.mark.parametrize(
    ("path", "query", "code"),
    [
        ("/app/no-key", "protocol=7", 4001),
        ("/app/shut", "protocol=7", 4003),
        ("/", "protocol=7", 4005),
        ("/app/", "protocol=7", 4005),
        ("/apps/app-key", "protocol=7", 4005),
        ("/app/app-key/more", "protocol=7", 4005),
        ("/app/app-key", "protocol=seven", 4006),
        ("/app/app-key", "protocol=7.1", 4006),
        ("/app/app-key", "protocol=\u0667", 4006),
        ("/app/app-key", "protocol=3", 4007),
        ("/app/app-key", "protocol=8", 4007),
        ("/app/app-key", "protocol=" + "7" * 4000, 4007),
        ("/app/app-key", "protocol=7&" + "a=b&" * 250, 4005),
        ("/app/app-key", "protocol=7&a=" + "b" * 4096, 4005),
        ("/x" * 2048 + "/app/app-key", "protocol=7", 4005),
        ("/app/app-key", "", 4008),
        ("/app/app-key", "protocol=", 4008),
    ],
)
def test_others_get_the_code_that_says_why(path: str, query: str, code: int) -> None:
    with pytest.raises(errors.Fatal) as caught:
        admit(handshake(path, query), APPS)
    assert caught.value.code == code


def test_cookies_can_be_taken_off() -> None:
    found = handshake(cookie="session=1", host="h").without_cookies()
    assert found.header(b"cookie") is None
    assert found.header(b"host") == "h"


def test_the_sub_protocol_of_the_swift_client_is_confirmed() -> None:
    assert choose_subprotocol(["x", "pusher-channels-protocol-7"]) == "pusher-channels-protocol-7"
    assert choose_subprotocol(["graphql-ws"]) is None
    assert choose_subprotocol([]) is None


def test_an_app_may_refuse_what_is_not_encrypted() -> None:
    strict = Apps([App(id="4", key="strict", secret="s", force_tls=True)])
    plain = handshake("/app/strict")
    with pytest.raises(errors.OnlyTls) as caught:
        admit(plain, strict)
    assert caught.value.code == 4000
    assert admit(replace(plain, is_secure=True), strict).id == "4"
