"""Which calls to the HTTP API are accepted, and how others are refused."""

from __future__ import annotations

import time

import pytest

from kabar.engines.realtime.apps.app import App
from tests.engines.realtime.api_client import call
from tests.engines.realtime.support import APP, OTHER_APP, Running, running

PATH = "/apps/1/events"
EVENT = {"name": "e", "channels": ["a"], "data": ""}


@pytest.mark.parametrize(
    ("changes", "status", "text"),
    [
        ({"auth_key": None}, 400, "Missing parameter: auth_key"),
        ({"auth_key": "nobody"}, 400, "Unknown auth_key"),
        ({"auth_version": None}, 401, "Version required"),
        ({"auth_version": "2.0"}, 401, "Version not supported"),
        ({"auth_timestamp": None}, 401, "Timestamp required"),
        ({"auth_timestamp": "soon"}, 401, "Timestamp required"),
        ({"auth_timestamp": "9" * 30}, 401, "Timestamp required"),
        (
            {"auth_timestamp": "1"},
            401,
            (
                "Timestamp expired: Given timestamp (1970-01-01T00:00:01Z) not within 600s of "
                "server time ("
            ),
        ),
        (
            {"auth_signature": "no"},
            401,
            (
                'Invalid signature: you should have sent HmacSHA256Hex("POST\\n/apps/1/events\\n'
                "auth_key=app-key&auth_timestamp="
            ),
        ),
        ({"auth_signature": None}, 401, "Invalid signature: "),
        ({"more": "1"}, 401, "Invalid signature: "),
        ({"body_md5": "0" * 32}, 401, "Invalid signature: "),
    ],
)
async def test_a_call_that_is_not_signed_right_is_told_so_in_order(
    server: Running, changes: dict[str, str | None], status: int, text: str
) -> None:
    answer = await call(server, "POST", PATH, EVENT, changes=changes)
    assert answer.status == status
    assert answer.text.startswith(text)
    assert answer.text.endswith("\n")
    assert answer.content_type.startswith("text/plain")


@pytest.mark.parametrize(("seconds", "status"), [(-590, 200), (590, 200), (-600, 401), (610, 401)])
async def test_a_call_is_good_for_ten_minutes(server: Running, seconds: int, status: int) -> None:
    parameters = {"auth_timestamp": str(int(time.time()) + seconds)}
    assert (await call(server, "POST", PATH, EVENT, parameters=parameters)).status == status


async def test_the_body_is_covered_by_the_signature(server: Running) -> None:
    for md5 in ("0" * 32, ""):
        answer = await call(server, "POST", PATH, EVENT, parameters={"body_md5": md5})
        assert answer.status == 401
        assert "body_md5" in answer.text


async def test_an_empty_body_may_be_signed_or_not(server: Running) -> None:
    """The Python SDK does, the others do not."""
    empty = {"body_md5": "d41d8cd98f00b204e9800998ecf8427e"}
    for parameters in (empty, {}):
        answer = await call(server, "GET", "/apps/1/channels", parameters=parameters)
        assert answer.status == 200


async def test_an_app_may_only_call_for_itself(server: Running) -> None:
    answer = await call(server, "POST", PATH, EVENT, app=OTHER_APP)
    assert (answer.status, answer.text) == (400, "Not authorized for that app\n")
    stranger = App(id="1", key=APP.key, secret="guessed")
    assert (await call(server, "POST", PATH, EVENT, app=stranger)).status == 401


async def test_an_app_that_is_switched_off_may_not_call() -> None:
    off = App(id="1", key="app-key", secret="app-secret", enabled=False)
    async with running(off) as server:
        answer = await call(server, "POST", PATH, EVENT)
        assert (answer.status, answer.text) == (403, "App disabled\n")


async def test_too_many_parameters_are_not_counted(server: Running) -> None:
    parameters = {f"p{number}": "" for number in range(260)}
    answer = await call(server, "GET", "/apps/1/channels", parameters=parameters)
    assert (answer.status, answer.text) == (400, "Too many query string parameters\n")


@pytest.mark.parametrize(
    "signed",
    [
        # as everybody else signs them, and as PHP does
        [("info[0]", "user_count"), ("info[1]", "subscription_count")],
        [("info", "user_count,subscription_count")],
    ],
)
async def test_arrays_may_be_signed_as_they_are_sent_or_joined(
    server: Running, signed: list[tuple[str, str]]
) -> None:
    arrays = [("info[0]", "user_count"), ("info[1]", "subscription_count")]
    path = "/apps/1/channels/presence-x"
    answer = await call(server, "GET", path, arrays=arrays, signed_arrays=signed)
    assert answer.json == {"occupied": False, "user_count": 0, "subscription_count": 0}
    answer = await call(server, "GET", path, arrays=arrays[:1], signed_arrays=signed)
    assert answer.status == 401
