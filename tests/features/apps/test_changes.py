"""What may be done to an app, on both databases."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from kabar.core.errors import KabarError
from kabar.engines.realtime.apps.app import App, AppKey, Webhook
from kabar.features.apps import changes
from kabar.features.apps.errors import AppExists, AppIsInFile, AppIsNeeded, NoSuchApp, TooManyKeys
from kabar.features.apps.models import KeptKey
from kabar.features.apps.queries import load_apps, revision_of
from kabar.features.apps.served import GivenApps, ServedApp, served_apps
from kabar.infra.db import Database, Transaction
from tests.features.apps.conftest import FRESH, OWN, SHOP

HOUR = timedelta(hours=1)


@dataclass
class Office:
    """Does to apps what the command line does."""

    db: Database
    given: GivenApps

    async def do(self, verb: Any, **what: Any) -> None:
        await self.db.write(verb, given=self.given, **what)

    async def refused(self, verb: Any, **what: Any) -> str:
        """Have it refused, with nothing half done; return why."""
        before = await self.served()
        with pytest.raises(KabarError) as caught:
            await self.do(verb, **what)
        assert await self.served() == before
        return f"{type(caught.value).__name__}: {caught.value}"

    async def served(self) -> list[ServedApp]:
        return served_apps(self.given, await self.db.read(load_apps))

    async def app(self, app_id: str) -> App:
        (found,) = [each.app for each in await self.served() if each.app.id == app_id]
        return found


@pytest.fixture
def office(db: Database, given: GivenApps) -> Office:
    return Office(db, given)


@pytest.fixture
def office_of_file(db: Database, in_file: GivenApps) -> Office:
    return Office(db, in_file)


def time_passes(tx: Transaction) -> None:
    """The grace of every older key is over."""
    tx.execute(update(KeptKey).where(KeptKey.valid_until.is_not(None)).values(valid_until=tx.now))


def keys_in(tx: Transaction) -> int:
    return int(tx.execute(select(func.count()).select_from(KeptKey)).scalar_one())


async def test_an_app_comes_back_with_everything_that_was_said_of_it(office: Office) -> None:
    hook = Webhook(url="http://a.example/ö", events=("member_added",), channel_prefix="p")
    app = App(
        id="all",
        key="k",
        secret="s",
        enabled=False,
        client_events=False,
        client_events_per_second=3,
        subscription_count=False,
        watchlist=False,
        force_tls=True,
        max_connections=7,
        authorized_connections=True,
        authorization_timeout=9,
        webhooks=(hook,),
    )
    await office.do(changes.add_app, app=app)
    assert [(each.app, each.source) for each in await office.served()] == [
        (OWN, "data folder"),
        (app, "database"),
    ]


async def test_an_id_is_given_once(office: Office, office_of_file: Office) -> None:
    await office.do(changes.add_app, app=SHOP)
    for app_id in ("shop", "own"):
        other = App(id=app_id, key="another", secret="another")
        assert "AppExists: There is an app" in await office.refused(changes.add_app, app=other)
    of_file = App(id="blog", key="another", secret="another")
    assert "AppExists" in await office_of_file.refused(changes.add_app, app=of_file)


async def test_of_two_who_add_the_same_id_at_once_one_is_told(office: Office) -> None:
    outcomes = await asyncio.gather(
        *(
            office.do(changes.add_app, app=App(id="x", key=f"k{number}", secret="s"))
            for number in range(4)
        ),
        return_exceptions=True,
    )
    assert [type(each) for each in outcomes if each is not None] == [AppExists] * 3
    assert len((await office.app("x")).keys) == 1


async def test_a_rotated_app_has_both_keys_until_the_grace_is_over(office: Office) -> None:
    await office.do(changes.add_app, app=SHOP)
    await office.do(changes.rotate_keys, app_id="shop", new=FRESH, grace=HOUR)
    app = await office.app("shop")
    assert (app.key, app.secret, app.max_connections) == ("fresh-key", "fresh-secret", 5)
    assert app.older_keys == (AppKey(key="shop-key", secret="shop-secret"),)

    await office.db.write(time_passes)
    assert (await office.app("shop")).keys == (FRESH,)
    # What is over is forgotten with the next change.
    await office.do(changes.set_enabled, app_id="shop", enabled=True)
    assert await office.db.read(keys_in) == 1


async def test_with_no_grace_the_old_keys_are_gone_at_once(office: Office) -> None:
    await office.do(changes.add_app, app=SHOP)
    await office.do(changes.rotate_keys, app_id="shop", new=FRESH, grace=HOUR)
    last = AppKey(key="last", secret="last")
    await office.do(changes.rotate_keys, app_id="shop", new=last, grace=timedelta())
    assert (await office.app("shop")).keys == (last,)
    assert await office.db.read(keys_in) == 1


async def test_a_later_rotation_does_not_make_an_old_key_last_longer(office: Office) -> None:
    await office.do(changes.add_app, app=SHOP)
    ends = []
    for number, grace in enumerate((HOUR, 2 * HOUR, timedelta(minutes=1))):
        new = AppKey(key=f"k{number}", secret="s")
        await office.do(changes.rotate_keys, app_id="shop", new=new, grace=grace)
        (_, shop) = await office.served()
        ends.append([until for _, until in shop.keys.older])
    assert ends[1][0] == ends[0][0]
    assert ends[1][1] > ends[1][0]
    assert len(ends[2]) == 3
    assert all(until < ends[0][0] for until in ends[2])


async def test_there_is_a_limit_to_keys_that_are_good_at_once(office: Office) -> None:
    await office.do(changes.add_app, app=SHOP)
    for number in range(9):
        new = AppKey(key=f"k{number}", secret="s")
        await office.do(changes.rotate_keys, app_id="shop", new=new, grace=HOUR)
    said = await office.refused(changes.rotate_keys, app_id="shop", new=FRESH, grace=HOUR)
    assert said.startswith(TooManyKeys.__name__)
    await office.do(changes.rotate_keys, app_id="shop", new=FRESH, grace=timedelta())
    assert (await office.app("shop")).keys == (FRESH,)


@pytest.mark.parametrize("grace", [HOUR, timedelta()])
async def test_kabars_own_app_can_be_rotated(office: Office, grace: timedelta) -> None:
    await office.do(changes.rotate_keys, app_id="own", new=FRESH, grace=grace)
    own = await office.app("own")
    old = AppKey(key="own-key", secret="own-secret")
    assert own.keys == ((old, FRESH) if grace else (FRESH,))
    again = AppKey(key="again", secret="again")
    await office.do(changes.rotate_keys, app_id="own", new=again, grace=grace)
    await office.db.write(time_passes)
    assert (await office.app("own")).keys == (again,)
    assert [each.source for each in await office.served()] == ["data folder"]


async def test_kabars_own_app_can_be_neither_disabled_nor_removed(office: Office) -> None:
    refusals = [
        await office.refused(changes.set_enabled, app_id="own", enabled=False),
        await office.refused(changes.remove_app, app_id="own"),
    ]
    assert all(each.startswith(AppIsNeeded.__name__) for each in refusals)


async def test_an_app_of_the_file_is_changed_in_the_file(office_of_file: Office) -> None:
    office = office_of_file
    for app_id in ("own", "blog"):
        refusals = [
            await office.refused(changes.rotate_keys, app_id=app_id, new=FRESH, grace=HOUR),
            await office.refused(changes.set_enabled, app_id=app_id, enabled=False),
            await office.refused(changes.remove_app, app_id=app_id),
        ]
        for each in refusals:
            assert each.startswith(AppIsInFile.__name__)
            assert "apps.toml" in each


async def test_an_app_is_disabled_and_enabled_again(office: Office) -> None:
    await office.do(changes.add_app, app=SHOP)
    for enabled in (False, False, True):
        await office.do(changes.set_enabled, app_id="shop", enabled=enabled)
        assert (await office.app("shop")).enabled is enabled


async def test_a_removed_app_is_gone_with_its_keys(office: Office) -> None:
    await office.do(changes.add_app, app=SHOP)
    await office.do(changes.rotate_keys, app_id="shop", new=FRESH, grace=HOUR)
    await office.do(changes.remove_app, app_id="shop")
    assert [each.app.id for each in await office.served()] == ["own"]
    assert await office.db.read(keys_in) == 0
    await office.do(changes.add_app, app=SHOP)
    assert await office.app("shop") == SHOP


async def test_an_app_that_is_not_there_is_named(office: Office) -> None:
    refusals = [
        await office.refused(changes.rotate_keys, app_id="nix", new=FRESH, grace=HOUR),
        await office.refused(changes.set_enabled, app_id="nix", enabled=True),
        await office.refused(changes.remove_app, app_id="nix"),
    ]
    assert refusals == [f"{NoSuchApp.__name__}: There is no app nix."] * 3


async def test_every_change_is_counted_and_no_refusal(office: Office) -> None:
    assert await office.db.read(revision_of) == 0
    await office.do(changes.add_app, app=SHOP)
    await office.refused(changes.add_app, app=SHOP)
    await office.do(changes.rotate_keys, app_id="shop", new=FRESH, grace=HOUR)
    await office.do(changes.set_enabled, app_id="shop", enabled=False)
    await office.do(changes.remove_app, app_id="shop")
    assert await office.db.read(revision_of) == 4
