"""Who leaves within a body is no error, and is counted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from litestar import Request, get, post
from structlog.testing import capture_logs

from kabar.infra.http.application import make_application
from kabar.infra.http.departures import Departures


@post("/")
async def take(request: Request[Any, Any, Any]) -> int:
    return len(await request.body())


@get("/slow")
async def wait_for_the_end(request: Request[Any, Any, Any]) -> str:
    await request.body()
    assert (await request.receive())["type"] == "http.disconnect"
    return "well"


APPLICATION = make_application(
    routes=[take, wait_for_the_end], dependencies={}, checks=[], max_body_bytes=100_000
)


async def statuses(
    departures: Departures, method: str, path: str, said: Iterable[Any]
) -> list[int]:
    """Make a request that says this, and return what it is answered."""
    answers: list[int] = []
    left = iter(said)

    async def receive() -> Any:
        return next(left)

    async def send(message: Any) -> None:
        if "status" in message:
            answers.append(message["status"])

    scope: Any = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(b"content-length", b"10")],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 2),
        "scheme": "http",
        "root_path": "",
        "http_version": "1.1",
        "asgi": {"version": "3.0"},
        "state": {},
    }
    await departures.in_front_of(APPLICATION)(scope, receive, send)
    return answers


def part(body: bytes, *, more: bool) -> dict[str, Any]:
    return {"type": "http.request", "body": body, "more_body": more}


GONE = {"type": "http.disconnect"}


@pytest.mark.parametrize("said", [[GONE], [part(b"half", more=True), GONE]])
async def test_who_leaves_within_a_body_is_no_error_of_the_server(said: list[Any]) -> None:
    departures = Departures()
    with capture_logs() as told:
        for number in range(1, 4):
            assert await statuses(departures, "POST", "/", said) == [400]
            assert departures.count == number
    assert [(entry["event"], entry["log_level"]) for entry in told] == [("clients_left", "info")]


async def test_who_has_said_everything_may_leave() -> None:
    departures = Departures()
    whole = [part(b"12345", more=True), part(b"67890", more=False), GONE]
    assert await statuses(departures, "POST", "/", whole) == [201]
    assert await statuses(departures, "GET", "/slow", [part(b"", more=False), GONE]) == [200]
    assert departures.count == 0
