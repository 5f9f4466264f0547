"""What a session had open ends with it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import aiohttp
import pytest

from tests.journeys.persons import Person

pytestmark = pytest.mark.journey

MakePerson = Callable[[str], Awaitable[Person]]


async def test_a_revoked_token_hears_nothing_more(person: MakePerson) -> None:
    """A thief who listens is cut off, and cannot come back."""
    ann, ben = await person("Ann"), await person("Ben")
    async with (
        ann.listen(f"private-user-{ann.id}") as stolen,
        ben.listen(f"private-user-{ben.id}") as other,
    ):
        listed = await ann.did("GET", "/api/auth/tokens")
        (token,) = listed["tokens"]

        await ann.did("DELETE", f"/api/auth/tokens/{token['id']}")

        assert await stolen.close_code() == 4200
        await other.silence()
    with pytest.raises((AssertionError, aiohttp.ClientError)):
        async with ann.listen(f"private-user-{ann.id}"):
            pass
