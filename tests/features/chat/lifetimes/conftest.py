"""A server that sweeps up when it is told to, and people with a room."""

from __future__ import annotations

import pytest

from kabar.server.app import Kabar


@pytest.fixture
async def kabar(kabar: Kabar) -> Kabar:
    await kabar.workers.close()
    return kabar
