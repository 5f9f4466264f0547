"""How a running server learns of changes, on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from inspect import signature
from typing import Any

import pytest
from sqlalchemy import insert, text, update

from kabar.core.errors import CannotStart
from kabar.engines.realtime.apps.app import App, AppKey
from kabar.features.apps import changes
from kabar.features.apps.models import AddedApp
from kabar.features.apps.queries import load_apps
from kabar.features.apps.served import GivenApps, served_apps
from kabar.features.apps.watch import AppsWatch
from kabar.infra.db import Database, Transaction
from tests.features.apps.conftest import FRESH, OWN, SHOP
from tests.patience import patiently

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


class Heard:
    """What the engine was told, each time."""

    def __init__(self) -> None:
        self.all: list[list[App]] = []
        self.fails = False

    def __call__(self, apps: Sequence[App]) -> None:
        if self.fails:
            raise ValueError("not these")
        self.all.append(list(apps))

    @property
    def now(self) -> list[list[App]]:
        found, self.all = self.all, []
        return found


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
async def watch(db: Database, given: GivenApps) -> AppsWatch:
    found = AppsWatch(db, given)
    assert await found.start() == [OWN]
    return found


async def do(db: Database, given: GivenApps, verb: Any, **what: Any) -> None:
    await db.write(verb, given=given, **what)


def test_it_looks_as_often_as_the_pages_say() -> None:
    """`docs/reference` promises "within about two seconds"; a clock would measure the machine."""
    assert signature(AppsWatch).parameters["seconds"].default == 2


async def test_what_changes_is_told_once(
    db: Database, given: GivenApps, watch: AppsWatch, heard: Heard
) -> None:
    await watch.look(heard)
    assert heard.now == []
    await do(db, given, changes.add_app, app=SHOP)
    await watch.look(heard)
    await watch.look(heard)
    assert heard.now == [[OWN, SHOP]]
    await do(db, given, changes.set_enabled, app_id="shop", enabled=False)
    await do(db, given, changes.rotate_keys, app_id="own", new=FRESH, grace=timedelta())
    await watch.look(heard)
    ((own, shop),) = heard.now
    assert (own.key, shop.enabled) == ("fresh-key", False)
    await do(db, given, changes.remove_app, app_id="shop")
    await watch.look(heard)
    assert heard.now == [[own]]


async def test_a_key_ends_though_nobody_changes_anything(
    db: Database, given: GivenApps, watch: AppsWatch, heard: Heard
) -> None:
    await do(db, given, changes.add_app, app=SHOP)
    grace = timedelta(seconds=1)
    await do(db, given, changes.rotate_keys, app_id="shop", new=FRESH, grace=grace)
    await watch.look(heard)
    assert [pair.key for pair in heard.now[0][1].keys] == ["shop-key", "fresh-key"]
    async with patiently():
        while not heard.all:
            await watch.look(heard)
    assert [pair.key for pair in heard.now[0][1].keys] == ["fresh-key"]
    await watch.look(heard)
    assert heard.now == []


async def test_an_app_with_the_id_of_one_that_was_removed_is_another(
    db: Database, given: GivenApps, watch: AppsWatch, heard: Heard
) -> None:
    """Removed and added between two looks: those who were connected must not stay."""
    await do(db, given, changes.add_app, app=SHOP)
    await db.write(lambda tx: tx.execute(update(AddedApp).values(created_at=LONG_AGO)))
    await watch.look(heard)
    heard.all.clear()
    await do(db, given, changes.remove_app, app_id="shop")
    heir = App(id="shop", key="heir-key", secret="heir-secret")
    await do(db, given, changes.add_app, app=heir)
    await watch.look(heard)
    assert heard.now == [[OWN], [OWN, heir]]


async def test_what_was_not_taken_is_told_again(
    db: Database, given: GivenApps, watch: AppsWatch, heard: Heard
) -> None:
    await do(db, given, changes.add_app, app=SHOP)
    heard.fails = True
    with pytest.raises(ValueError):
        await watch.look(heard)
    heard.fails = False
    await watch.look(heard)
    assert heard.now == [[OWN, SHOP]]


async def test_a_database_that_fails_changes_nothing_and_is_asked_again(
    db: Database, given: GivenApps, heard: Heard
) -> None:
    watch = AppsWatch(db, given, seconds=0.001)
    await watch.start()
    changed = asyncio.Event()

    def change(apps: Sequence[App]) -> None:
        heard(apps)
        changed.set()

    await db.write(lambda tx: tx.execute(text('ALTER TABLE "KabarAppsRevision" RENAME TO gone')))
    running = asyncio.create_task(watch.run(change))
    async with patiently():
        while not watch._is_blind:
            await asyncio.sleep(0)
        assert heard.now == []
        await db.write(
            lambda tx: tx.execute(text('ALTER TABLE gone RENAME TO "KabarAppsRevision"'))
        )
        await do(db, given, changes.add_app, app=SHOP)
        await changed.wait()
    running.cancel()
    assert heard.now == [[OWN, SHOP]]
    assert not watch._is_blind


async def test_what_is_given_wins_over_the_database(db: Database, in_file: GivenApps) -> None:
    """By its id or by its key; what is shadowed can be removed."""
    nothing = GivenApps((OWN,), None)
    blog = App(id="blog", key="k1", secret="s")
    thief = App(id="thief", key="blog-key", secret="s")
    for app in (blog, thief, SHOP):
        await do(db, nothing, changes.add_app, app=app)
    served = served_apps(in_file, await db.read(load_apps))
    assert [each.app for each in served] == [*in_file.apps, SHOP]
    await do(db, in_file, changes.remove_app, app_id="blog")
    assert {each.app.id for each in (await db.read(load_apps)).apps} == {"thief", "shop"}


async def test_keys_of_the_data_folders_app_are_nothing_to_a_file(
    db: Database, given: GivenApps, in_file: GivenApps
) -> None:
    await do(db, given, changes.rotate_keys, app_id="own", new=FRESH, grace=timedelta())
    stored = await db.read(load_apps)
    assert served_apps(in_file, stored)[0].app == OWN
    assert served_apps(given, stored)[0].app.keys == (FRESH,)


async def test_an_app_that_cannot_be_read_is_named(db: Database) -> None:
    """A newer version may have written what this one does not know."""

    def write(tx: Transaction) -> None:
        row = {"id": "new", "options": '{"wings":2}', "enabled": True, "created_at": tx.now}
        tx.execute(insert(AddedApp), row)
        changes._add_key(tx, "new", AppKey(key="k", secret="s"))

    await db.write(write)
    with pytest.raises(CannotStart, match="app new in the database cannot be read"):
        await db.read(load_apps)
