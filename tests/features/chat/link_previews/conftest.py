"""People who send links to sites on this machine, which a server of these tests may call."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from kabar.core.settings import Settings
from tests.features.chat.conftest import ann, ben, cleo, room
from tests.sites import Site, site

__all__ = ["ann", "ben", "cleo", "room"]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"outbound_allow": ("127.0.0.2", "127.0.0.3")})


@pytest.fixture
async def web() -> AsyncIterator[Site]:
    """A site of a stranger."""
    async with site("127.0.0.2") as one:
        yield one
