"""A Kabar that leaves its sockets to a service: what the service is sent, and what is signed."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pusher
import pytest

from kabar.core.settings import Settings
from kabar.engines.realtime.hosted.transport import Hosted
from kabar.server.app import Kabar
from tests.engines.realtime.webhooks.receiver import Receiver, receiving
from tests.people import people_of

KEY, SECRET = "the-key", "the-secret"


@pytest.fixture
def database(empty_sqlite: Path, tmp_path: Path) -> str:
    """It is the same whatever the database."""
    return f"sqlite:///{tmp_path}/kabar.db"


@pytest.fixture
async def service() -> AsyncIterator[Receiver]:
    async with receiving() as found:
        yield found


@asynccontextmanager
async def kabar_with(settings: Settings, service: Receiver, **more: object) -> AsyncIterator[Kabar]:
    account = {"pusher_app_id": "7", "pusher_app_key": KEY, "pusher_app_secret": SECRET}
    place = {"pusher_host": "127.0.0.1", "pusher_port": service.port, "pusher_scheme": "http"}
    update = {"transport": "hosted", **account, **place, **more}
    async with Kabar(settings.model_copy(update=update)) as running:
        yield running


@pytest.mark.parametrize("alias", [False, True])
async def test_the_name_that_anybody_may_hear_is_told_only_when_switched_on(
    alias: bool, settings: Settings, service: Receiver
) -> None:
    async with (
        kabar_with(settings, service, hosted_user_alias=alias) as kabar,
        people_of(kabar.asgi, kabar.db) as person,
    ):
        ann, budi = await person("ann"), await person("budi")
        assert (await budi.put(f"/api/users/{ann.id}/follow")).status_code == 200
    told = {
        (event["channel"], event["name"])
        for call in service.all
        if call.path == "/apps/7/batch_events"
        for event in json.loads(call.body)["batch"]
    }
    followed = {channel for channel, name in told if name == "new-follower"}
    private = f"private-user-{ann.id}"
    assert followed == ({private, f"user-{ann.id}"} if alias else {private})
    assert (private, "new-notification") in told, "what is settled at the end is told too"


@pytest.mark.parametrize(("alias", "withheld"), [(False, {"user-", "group-"}), (True, {"group-"})])
async def test_what_only_a_guard_keeps_from_strangers_is_withheld(
    alias: bool, withheld: set[str], settings: Settings, service: Receiver
) -> None:
    async with kabar_with(settings, service, hosted_user_alias=alias) as kabar:
        assert isinstance(kabar.transport, Hosted)
        assert set(kabar.transport._withheld) == withheld


async def test_the_service_takes_what_is_signed_for_it(
    settings: Settings, service: Receiver
) -> None:
    """The same letters as the official library signs for the account."""
    library = pusher.Pusher(app_id="7", key=KEY, secret=SECRET)
    async with (
        kabar_with(settings, service) as kabar,
        people_of(kabar.asgi, kabar.db) as person,
    ):
        ann = await person("ann")
        channel = f"private-user-{ann.id}"
        body = {"socket_id": "12.34", "channel_name": channel}
        assert (await ann.post("/api/pusher/auth", body)).json() == library.authenticate(
            channel, "12.34"
        )
        stranger = {**body, "channel_name": "private-user-somebody"}
        assert (await ann.post("/api/pusher/auth", stranger)).status_code == 403
        signed = (await ann.post("/api/pusher/user-auth", {"socket_id": "12.34"})).json()
    theirs = library.authenticate_user("12.34", json.loads(signed["user_data"]))
    assert json.loads(theirs["user_data"]) == json.loads(signed["user_data"])
    assert signed["auth"].startswith(f"{KEY}:")


async def test_whose_session_ends_is_cut_off(settings: Settings, service: Receiver) -> None:
    async with (
        kabar_with(settings, service) as kabar,
        people_of(kabar.asgi, kabar.db) as person,
    ):
        ann = await person("ann")
        assert (await ann.post("/api/auth/logout")).status_code < 300
    assert f"/apps/7/users/{ann.id}/terminate_connections" in [call.path for call in service.all]


async def test_without_realtime_nothing_is_sent(settings: Settings, service: Receiver) -> None:
    async with (
        kabar_with(settings, service, realtime=False) as kabar,
        people_of(kabar.asgi, kabar.db) as person,
    ):
        ann, budi = await person("ann"), await person("budi")
        await budi.put(f"/api/users/{ann.id}/follow")
        config = (await ann.get("/ui/config.json")).json()
    assert config["key"] is None
    assert service.all == []
