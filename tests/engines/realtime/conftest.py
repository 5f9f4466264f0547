"""What the tests of the engine are given."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest

from tests.engines.realtime.support import Loopless, Running, running
from tests.patience import PatientUvloop


def pytest_asyncio_loop_factories() -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    """The loop that serves in earnest."""
    return {"uvloop": PatientUvloop}


@pytest.fixture
def loopless() -> Loopless:
    return Loopless()


@pytest.fixture
async def server() -> AsyncIterator[Running]:
    async with running() as found:
        yield found
