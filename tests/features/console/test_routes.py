"""What the console's API shows, and what happens when the operator sends an event."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
import structlog

from kabar.server.app import Kabar
from tests.features.console.conftest import sign_in

EVENTS = "/console/api/apps/1/events"


def draft(**changes: Any) -> dict[str, Any]:
    return {"name": "news", "channels": ["a"], "data": '{"b":1}', **changes}


async def test_what_was_sent_is_answered_whatever_else_the_draft_says(
    operator: httpx.AsyncClient,
) -> None:
    """The event is out: an error would have it sent again."""
    for more in ({"channel": 1}, {"channel": None}):
        answer = await operator.post(EVENTS, json=draft(**more))
        assert (answer.status_code, answer.json()) == (200, {})
    single = {"name": "news", "channel": "a", "data": ""}
    assert (await operator.post(EVENTS, json=single)).status_code == 200


async def test_an_event_that_is_sent_is_seen_and_remembered_as_any_other(
    operator: httpx.AsyncClient,
) -> None:
    await operator.get(EVENTS)
    answer = await operator.post(EVENTS, json=draft(channels=["a", "cache-b"]))
    assert (answer.status_code, answer.json()) == (200, {})

    page = (await operator.get(EVENTS)).json()
    [seen] = page["events"]
    assert (seen["event"], seen["channels"], seen["data"]) == ("news", ["a", "cache-b"], '{"b":1}')
    assert (seen["origin"], seen["number"], page["last"]) == ("server", 1, 1)
    after = (await operator.get(EVENTS, params={"after": 1})).json()
    assert after == {"events": [], "last": 1, "missed": 0}
    channel = await operator.get("/console/api/apps/1/channel", params={"name": "cache-b"})
    assert channel.json()["cached"] == {"event": "news", "data": '{"b":1}', "secondsLeft": 1800}
    assert channel.json()["lastEvent"]["number"] == 1


async def test_who_sends_may_ask_whom_it_reaches(operator: httpx.AsyncClient) -> None:
    answer = await operator.post(EVENTS, json=draft(info="subscription_count"))
    assert answer.json() == {"channels": {"a": {"subscription_count": 0}}}


@pytest.mark.parametrize(
    ("changes", "status", "code", "detail"),
    [
        ({"channels": ["a!"]}, 400, "event_refused", "Invalid channel name: a!"),
        ({"name": "x" * 201}, 400, "event_refused", "Event name too long (201 > 200)"),
        ({"name": "pusher:x"}, 400, "event_refused", "Event name is reserved: pusher:x"),
        ({"channels": ["a"] * 101}, 400, "event_refused", "Too many channels (101 > 100)"),
        ({"data": {"no": "text"}}, 400, "event_refused", "Expected data parameter to be a string"),
        ({"data": "x" * 10_241}, 413, "event_too_large", "The data content of this event exceeds"),
    ],
)
async def test_what_the_http_api_refuses_is_refused_in_its_words(
    operator: httpx.AsyncClient, changes: dict[str, Any], status: int, code: str, detail: str
) -> None:
    await operator.get(EVENTS)
    answer = await operator.post(EVENTS, json=draft(**changes))

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["detail"].startswith(detail)
    assert (await operator.get(EVENTS)).json()["events"] == []


async def test_a_field_that_is_not_looked_at_does_not_fail_what_was_sent(
    operator: httpx.AsyncClient,
) -> None:
    await operator.get(EVENTS)
    answer = await operator.post(EVENTS, json=draft(channel=5))
    assert (answer.status_code, answer.json()) == (200, {})
    assert len((await operator.get(EVENTS)).json()["events"]) == 1


@pytest.mark.parametrize(
    "body",
    [
        b'{"name":5,"name":"a","channels":["a"],"data":""}',
        b'{"name":"a","channels":5,"channels":["a"],"data":""}',
        b'{"name":"a","channel":"b","channel":"a","data":""}',
    ],
)
async def test_a_name_that_stands_twice_is_refused_and_not_a_500(
    operator: httpx.AsyncClient, body: bytes
) -> None:
    """The first was read when it was logged, the second when it was sent."""
    await operator.get(EVENTS)
    answer = await operator.post(EVENTS, content=body)
    assert (answer.status_code, answer.json()["detail"]) == (
        400,
        "A name stands twice in one object.",
    )
    assert (await operator.get(EVENTS)).json()["events"] == []


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff", b'{"a":' * 5_000])
async def test_a_body_that_is_no_event_is_refused(operator: httpx.AsyncClient, body: bytes) -> None:
    answer = await operator.post(EVENTS, content=body)
    assert (answer.status_code, answer.json()["code"]) == (400, "event_refused")


async def test_a_body_beyond_all_limits_is_refused_before_it_is_read(
    operator: httpx.AsyncClient,
) -> None:
    answer = await operator.post(EVENTS, content=b"x" * (1 << 21))
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


async def test_an_app_that_is_off_takes_no_events(operator: httpx.AsyncClient) -> None:
    answer = await operator.post("/console/api/apps/2/events", json=draft())
    assert (answer.status_code, answer.json()["code"]) == (403, "app_is_disabled")


async def test_an_app_or_connection_that_there_is_not_is_404(operator: httpx.AsyncClient) -> None:
    for path in ("apps/3", "apps/3/events", "apps/1/connections/1.2", "nothing"):
        assert (await operator.get(f"/console/api/{path}")).status_code == 404, path
    assert (await operator.post("/console/api/apps/3/events", json=draft())).status_code == 404


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("connections?search=" + "x" * 301, "search"),
        ("channels?search=" + "x" * 301, "search"),
        ("channel", "name"),
        ("events?after=-1", "after"),
        ("events?after=x", "after"),
    ],
)
async def test_a_question_that_is_none_is_422(
    operator: httpx.AsyncClient, path: str, field: str
) -> None:
    answer = await operator.get(f"/console/api/apps/1/{path}")
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


async def test_nothing_of_one_app_is_shown_of_another(operator: httpx.AsyncClient) -> None:
    await operator.get(EVENTS)
    await operator.get("/console/api/apps/2/events")
    await operator.post(EVENTS, json=draft(channels=["cache-a"]))

    other = "/console/api/apps/2"
    assert (await operator.get(f"{other}/events")).json()["events"] == []
    channel = await operator.get(f"{other}/channel", params={"name": "cache-a"})
    assert (channel.json()["cached"], channel.json()["lastEvent"]) == (None, None)
    assert (await operator.get(other)).json()["app"]["enabled"] is False


async def test_what_the_operator_does_is_logged(kabar: Kabar, stranger: httpx.AsyncClient) -> None:
    with structlog.testing.capture_logs() as told:
        await sign_in(stranger, "wrong")
        await sign_in(stranger)
        await stranger.post(EVENTS, json=draft(data="a secret"))
        await stranger.post("/console/api/sign-out")

    assert [entry["event"] for entry in told] == [
        "console_sign_in_failed",
        "console_signed_in",
        "console_event_sent",
        "console_signed_out",
    ]
    assert {entry["address"] for entry in told} == {"127.0.0.1"}
    sent = told[2]
    assert (sent["app"], sent["name"], sent["channels"]) == ("1", "news", ["a"])
    assert "a secret" not in str(told)
