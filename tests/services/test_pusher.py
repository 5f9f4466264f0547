"""The report's pusher service where it cannot deliver: it says so, and fails nothing."""

from __future__ import annotations

from typing import Any

import pytest

from kabar.core.settings import Settings
from kabar.server.app import Kabar
from kabar.services import Services, TriggerResult, services_of


async def test_without_realtime_it_says_so(settings: Settings) -> None:
    off = settings.model_copy(update={"realtime": False})
    async with Kabar(off) as kabar:
        pusher = services_of(kabar).pusher_service

        results = [
            await pusher.trigger("news", "e", {}),
            await pusher.trigger_multiple(["news"], "e", {}),
            await pusher.notify_user("u", "e", {}),
            await pusher.notify_group("g", "e", {}),
            await pusher.broadcast("e", {}),
        ]

    assert results == [TriggerResult(success=False, error="Realtime is off (KABAR_REALTIME)")] * 5


@pytest.mark.parametrize(
    ("channels", "event", "data", "says"),
    [
        (["no spaces"], "e", {}, "Invalid channel name"),
        (["news"] * 101, "e", {}, "Too many channels"),
        (["news"], "pusher:ping", {}, "Event name is reserved"),
        (["news"], "x" * 201, {}, "Event name too long"),
        (["news"], "e", "x" * 20_000, "data content"),
        (["news"], "e", {"what": object()}, "The data is no JSON"),
        ([7], "e", {}, "Expected channel parameter to be a string"),
    ],
)
async def test_what_cannot_be_said_is_no_exception(
    services: Services, channels: list[Any], event: str, data: object, says: str
) -> None:
    result = await services.pusher_service.trigger_multiple(channels, event, data)

    assert not result.success
    assert says in (result.error or "")
