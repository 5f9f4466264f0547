"""What the tests of the database floor share."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest

from kabar.infra.db import Database, Transaction
from tests.patience import PATIENCE

Together = Callable[..., Awaitable[list[Any]]]


@asynccontextmanager
async def held_up(db: Database) -> AsyncIterator[None]:
    """Keep every thread that writes busy, so that what is asked for meanwhile waits together."""
    go_on = threading.Event()
    queues = {db._units, db._batches}
    entered = threading.Barrier(1 + sum(len(queue._threads) for queue in queues))

    def hold(_tx: Transaction) -> None:
        entered.wait(PATIENCE)
        go_on.wait(PATIENCE)

    def hold_all(tx: Transaction, items: Sequence[None]) -> list[None]:
        hold(tx)
        return list(items)

    holding = [asyncio.create_task(db.write(hold)) for _ in db._units._threads]
    if db._batches is not db._units:
        holding.append(asyncio.create_task(db.write_together(hold_all, None)))
    await asyncio.to_thread(entered.wait, PATIENCE)
    try:
        yield
    finally:
        go_on.set()
        await asyncio.gather(*holding)


@pytest.fixture
def together(db: Database) -> Together:
    """Run writes that have all waited at the same time; return results and errors in order."""

    async def run(*writes: Coroutine[Any, Any, Any]) -> list[Any]:
        async with held_up(db):
            tasks = [asyncio.create_task(write) for write in writes]
            while sum(len(queue) for queue in {db._units, db._batches}) < len(tasks):
                await asyncio.sleep(0)
        return await asyncio.gather(*tasks, return_exceptions=True)

    return run
