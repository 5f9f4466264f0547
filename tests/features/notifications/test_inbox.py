"""What a user does with their list, and what other tabs hear of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from kabar.features.accounts.identity import Identity
from kabar.features.notifications import inbox
from kabar.features.notifications.errors import NotificationNotFound
from kabar.features.notifications.follow_handlers import tell_followed
from kabar.features.notifications.schemas import NotificationView
from tests.features.notifications.conftest import Bell, Scene

SOCKET = "12.34"


@pytest.fixture
async def entries(
    scene: Scene, ann: Identity, ben: Identity, cleo: Identity
) -> list[NotificationView]:
    """Two entries in Cleo's list: that Ben follows her, and that Ann does."""
    for follower in (ann, ben):
        await scene.handle(tell_followed, await scene.follow(follower, cleo))
    entries, _ = await scene.page_of(cleo)
    return entries


async def do(
    scene: Scene, verb: Callable[..., Any], who: Identity, entry: NotificationView | None = None
) -> Any:
    one = {} if entry is None else {"notification_id": entry.id}
    await scene.db.write(verb, user_id=who.user_id, socket_id=SOCKET, **one)
    return await scene.bell_of(who)


async def test_opening_the_list_makes_all_seen_and_none_read(
    scene: Scene, cleo: Identity, entries: list[NotificationView]
) -> None:
    counts = await do(scene, inbox.mark_seen, cleo)

    assert counts == Bell(unread=2, unseen=0)
    now, _ = await scene.page_of(cleo)
    assert all(entry.seen_at and not entry.read_at for entry in now)


async def test_what_is_read_is_seen(
    scene: Scene, cleo: Identity, entries: list[NotificationView]
) -> None:
    counts = await do(scene, inbox.mark_read, cleo, entries[0])

    assert counts == Bell(unread=1, unseen=1)
    (read, other), _ = await scene.page_of(cleo)
    assert read.read_at == read.seen_at is not None
    assert other.read_at is None


async def test_what_was_seen_before_stays_seen_since_then(
    scene: Scene, cleo: Identity, entries: list[NotificationView]
) -> None:
    await do(scene, inbox.mark_seen, cleo)
    before, _ = await scene.page_of(cleo)

    await do(scene, inbox.mark_all_read, cleo)

    after, counts = await scene.page_of(cleo)
    assert counts == Bell(0, 0)
    assert [entry.seen_at for entry in after] == [entry.seen_at for entry in before]
    assert all(entry.read_at for entry in after)


async def test_what_was_read_can_be_unread_again(
    scene: Scene, cleo: Identity, entries: list[NotificationView]
) -> None:
    await do(scene, inbox.mark_read, cleo, entries[0])

    counts = await do(scene, inbox.mark_unread, cleo, entries[0])

    assert counts == Bell(unread=2, unseen=1)


async def test_what_is_archived_is_in_a_list_of_its_own_and_not_counted(
    scene: Scene, cleo: Identity, entries: list[NotificationView]
) -> None:
    counts = await do(scene, inbox.archive, cleo, entries[0])

    assert counts == Bell(1, 1)
    assert [e.id for e in (await scene.page_of(cleo))[0]] == [entries[1].id]
    assert [e.id for e in (await scene.page_of(cleo, "archived"))[0]] == [entries[0].id]


async def test_what_is_removed_is_gone(
    scene: Scene, cleo: Identity, entries: list[NotificationView]
) -> None:
    await do(scene, inbox.remove, cleo, entries[0])

    assert [entry.id for entry in (await scene.page_of(cleo))[0]] == [entries[1].id]
    with pytest.raises(NotificationNotFound):
        await do(scene, inbox.remove, cleo, entries[0])


async def test_the_filter_shows_what_is_unread(
    scene: Scene, cleo: Identity, entries: list[NotificationView]
) -> None:
    await do(scene, inbox.mark_read, cleo, entries[1])

    assert [e.id for e in (await scene.page_of(cleo, "unread"))[0]] == [entries[0].id]


@pytest.mark.parametrize("verb", [inbox.mark_read, inbox.mark_unread, inbox.archive, inbox.remove])
async def test_others_entries_do_not_exist(
    scene: Scene,
    ann: Identity,
    cleo: Identity,
    entries: list[NotificationView],
    verb: Callable[..., Any],
) -> None:
    with pytest.raises(NotificationNotFound):
        await do(scene, verb, ann, entries[0])

    assert await scene.page_of(cleo) == (entries, Bell(2, 2))


async def test_all_of_mine_is_not_all_of_others(
    scene: Scene, ann: Identity, cleo: Identity, entries: list[NotificationView]
) -> None:
    await do(scene, inbox.mark_seen, ann)
    await do(scene, inbox.mark_all_read, ann)

    assert await scene.page_of(cleo) == (entries, Bell(2, 2))


@pytest.mark.parametrize("verb", [inbox.mark_read, inbox.archive])
async def test_other_tabs_hear_of_a_change_once(
    scene: Scene, cleo: Identity, entries: list[NotificationView], verb: Callable[..., Any]
) -> None:
    for _ in range(2):
        await do(scene, verb, cleo, entries[0])

    (told,) = scene.updated()
    assert (told.user_id, told.socket_id) == (cleo.user_id, SOCKET)


@pytest.mark.parametrize("verb", [inbox.mark_seen, inbox.mark_all_read])
async def test_other_tabs_hear_once_that_all_was_dealt_with(
    scene: Scene, cleo: Identity, entries: list[NotificationView], verb: Callable[..., Any]
) -> None:
    for _ in range(2):
        await do(scene, verb, cleo)

    assert len(scene.updated()) == 1
