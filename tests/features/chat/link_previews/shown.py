"""What is seen of previews, once they are there."""

from __future__ import annotations

import asyncio

from sqlalchemy import func, select

from kabar.features.chat.link_previews.models import PreviewJob
from kabar.infra.db import Transaction
from kabar.server.app import Kabar
from tests.features.chat.talk import Json, page_of
from tests.patience import patiently
from tests.people import Person


def _waiting(tx: Transaction) -> int:
    return int(tx.execute(select(func.count()).select_from(PreviewJob)).scalar_one())


async def all_done(kabar: Kabar) -> None:
    """Wait until no message waits for previews any more."""
    async with patiently():
        while await kabar.db.read(_waiting):
            await asyncio.sleep(0.01)


async def message_in(person: Person, room: Json, message: Json) -> Json:
    page = await page_of(person, room)
    (found,) = [each for each in page["messages"] if each["id"] == message["id"]]
    return dict(found)


async def titles_of(person: Person, room: Json, message: Json) -> list[str]:
    previews = (await message_in(person, room, message))["linkPreviews"]
    return [each["title"] for each in previews]


async def see_titles(person: Person, room: Json, message: Json, titles: list[str]) -> None:
    """Wait until a message has these previews."""
    async with patiently():
        while await titles_of(person, room, message) != titles:
            await asyncio.sleep(0.01)
