"""Looking for what was said, in the tests of search."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from kabar.features.chat.search.indexing import index_messages
from kabar.server.app import Kabar
from tests.features.chat.talk import Json, did
from tests.people import Person

Look = Callable[..., Awaitable[Json]]


@pytest.fixture
def look(kabar: Kabar) -> Look:
    """Search as soon as all that was said has been read; return the page."""

    async def search(person: Person, q: str = "", **more: object) -> Json:
        await index_messages(kabar.db)
        return did(await person.get("/api/chat/search", q=q, **more))

    return search


def contents(page: Json) -> list[str]:
    return [message["content"] for message in page["messages"]]
