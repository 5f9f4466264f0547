"""Two people with a room, and a server that writes exports when it is told to."""

from __future__ import annotations

import pytest

from kabar.server.app import Kabar
from tests.features.chat.conftest import ann, ben, room

__all__ = ["ann", "ben", "room"]


@pytest.fixture
async def kabar(kabar: Kabar) -> Kabar:
    await kabar.workers.close()
    return kabar
