"""Opening the services: around a Kabar that this program runs itself."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple

from kabar.core.settings import Settings, read_settings
from kabar.server.app import Kabar
from kabar.services.chat import ChatService
from kabar.services.pusher import PusherService


class Services(NamedTuple):
    """What a program may call, and the Kabar that does it: `kabar.asgi` can be served."""

    kabar: Kabar
    chat_service: ChatService
    pusher_service: PusherService


@asynccontextmanager
async def open_services(
    settings: Settings | None = None, **given: object
) -> AsyncIterator[Services]:
    """Open Kabar in this process, with these settings or those of the environment, and close it.

    A database in SQLite belongs to one process: beside a running `kabar serve` it cannot be opened
    (`CannotStart`). On PostgreSQL this is one more node.
    """
    async with Kabar(settings or read_settings(**given)) as kabar:
        yield services_of(kabar)


def services_of(kabar: Kabar) -> Services:
    """Return the services of a Kabar that is open."""
    return Services(kabar, ChatService(kabar), PusherService(kabar))
