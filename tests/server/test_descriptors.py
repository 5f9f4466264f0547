"""When file descriptors run out, the log and `/up` say so."""

from __future__ import annotations

import os
import resource
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest
from structlog.testing import capture_logs

from kabar.server.app import Kabar
from kabar.server.descriptors import Descriptors, raise_limit
from tests.people import browser_of


@contextmanager
def at_most(descriptors: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def lowest_free() -> int:
    with Path(os.devnull).open() as nothing:
        return nothing.fileno()


@pytest.mark.parametrize("left", [0, 1])
async def test_that_there_are_few_is_said_once_in_a_while(left: int) -> None:
    descriptors = Descriptors()
    with ExitStack() as opened:
        for _ in range(40):
            opened.enter_context(Path(os.devnull).open())
        limit = lowest_free() + left
        with capture_logs() as told, at_most(limit):
            for _ in range(3):
                await descriptors.look()
            said = await descriptors.check()
    assert said == f"{limit - left} of {limit} file descriptors are in use"
    assert [(entry["event"], entry["log_level"]) for entry in told] == [
        ("file_descriptors_run_out", "error")
    ]
    assert await descriptors.check() is None


async def test_the_health_of_the_server_says_so(kabar: Kabar) -> None:
    async with browser_of(kabar.asgi) as browser:
        assert (await ask(browser))["files"] == "ok"
        with at_most(lowest_free()):
            assert "file descriptors are in use" in (await ask(browser))["files"]


async def ask(browser: httpx.AsyncClient) -> dict[str, str]:
    checks: dict[str, str] = (await browser.get("/up")).json()["checks"]
    return checks


def test_as_many_are_taken_as_the_system_allows() -> None:
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    with at_most(256):
        raise_limit()
        assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] == hard
