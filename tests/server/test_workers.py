"""No work that runs beside the server ends unseen."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import httpx
import pytest

from kabar.server.app import Kabar
from kabar.server.workers import Workers
from tests.patience import patiently

Work = Callable[[], Awaitable[None]]


async def fail() -> None:
    raise ZeroDivisionError


async def end() -> None:
    """As if there were nothing more to do."""


async def wait_for_what_is_cancelled() -> None:
    future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    future.cancel()
    await future


@asynccontextmanager
async def working(**works: Work) -> AsyncIterator[Workers]:
    workers = Workers(list(works.items()))
    await workers.start()
    yield workers
    await workers.close()


@pytest.mark.parametrize("work", [fail, end, wait_for_what_is_cancelled])
async def test_a_work_that_ends_is_seen_and_begun_again(work: Work) -> None:
    begun = asyncio.Semaphore(0)

    async def begin() -> None:
        begun.release()
        await work()

    async with working(good=asyncio.Event().wait, bad=begin) as workers:  # type: ignore[arg-type]
        await begun.acquire()
        await asyncio.sleep(0)
        assert await workers.check() == "fell over: bad"
        async with patiently():
            await begun.acquire()


async def test_works_that_are_gone_are_seen() -> None:
    async with working(good=asyncio.Event().wait) as workers:  # type: ignore[arg-type]
        assert await workers.check() is None
        assert workers._task is not None
        workers._task.cancel()
        await asyncio.wait([workers._task])
        assert await workers.check() == "all of them have ended"
        workers._task = None


async def test_up_knows_of_the_works_and_of_the_threads(
    kabar: Kabar, stranger: httpx.AsyncClient
) -> None:
    checks = (await stranger.get("/up")).json()["checks"]
    assert (checks["workers"], checks["database"]) == ("ok", "ok")

    kabar.workers._fell["outbox"] = float("inf")
    thread = kabar.db._reads._threads[0]
    while thread.is_alive():
        kabar.db._reads._waiting.end(1)
        await asyncio.to_thread(thread.join, 0.1)

    health = (await stranger.get("/up")).json()
    assert health["status"] == "degraded"
    assert health["checks"]["workers"] == "fell over: outbox"
    assert health["checks"]["database"] == "a thread has died"
