"""What becomes of people's lists when others follow and unfollow them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from kabar.features.accounts.identity import Identity
from kabar.features.accounts.profiles import change_user
from kabar.features.notifications import inbox
from kabar.features.notifications.clock_ahead import bring_entries_back
from kabar.features.notifications.follow_handlers import (
    NEWS_AGAIN_AFTER,
    put_away_follower,
    tell_followed,
)
from kabar.features.notifications.models import Notification
from kabar.infra.db import Transaction
from tests.features.notifications.conftest import Bell, Scene


async def test_a_new_follower_is_an_entry(scene: Scene, ann: Identity, ben: Identity) -> None:
    await scene.handle(tell_followed, await scene.follow(ann, ben))

    entry = await scene.only_entry_of(ben)
    assert (entry.type, entry.title, entry.body) == (
        "new-follower",
        "Ann started following you",
        "",
    )
    assert (entry.link, entry.count) == ("/people/ann", 1)
    assert entry.actor is not None
    assert entry.actor.id == ann.user_id
    (told,) = scene.created()
    assert told.user_id == ben.user_id
    assert told.notification_id == entry.id
    ((user_id, event, data),) = await scene.heard(told)
    assert (user_id, event, data["id"]) == (ben.user_id, "new-notification", entry.id)
    assert (data["unreadCount"], data["unseenCount"]) == (1, 1)


async def test_an_entry_says_what_a_follower_is_called_now(
    scene: Scene, ann: Identity, ben: Identity
) -> None:
    await scene.handle(tell_followed, await scene.follow(ann, ben))
    await scene.db.write(change_user, ann.user_id, {"name": "Anna", "username": "anna"})

    entry = await scene.only_entry_of(ben)
    assert (entry.title, entry.link) == ("Anna started following you", "/people/anna")
    assert entry.data == {"userId": ann.user_id, "username": "anna"}


async def test_each_follower_is_an_entry_of_their_own(
    scene: Scene, ann: Identity, ben: Identity, cleo: Identity
) -> None:
    events = [await scene.follow(ann, cleo), await scene.follow(ben, cleo)]

    await scene.handle(tell_followed, *events)

    entries, counts = await scene.page_of(cleo)
    assert {entry.data["username"] for entry in entries} == {"ann", "ben"}
    assert counts == Bell(2, 2)


async def test_who_is_gone_again_is_taken_from_the_list(
    scene: Scene, ann: Identity, ben: Identity, cleo: Identity
) -> None:
    await scene.handle(tell_followed, await scene.follow(ann, ben), await scene.follow(cleo, ben))

    await scene.handle(put_away_follower, await scene.unfollow(ann, ben))

    assert (await scene.only_entry_of(ben)).data["username"] == "cleo"
    (_, event, counts), *_ = await scene.heard(scene.updated()[-1])
    assert (event, counts["unreadCount"], counts["unseenCount"]) == (
        "notifications-updated",
        1,
        1,
    )


async def test_what_was_read_stays_in_the_list(scene: Scene, ann: Identity, ben: Identity) -> None:
    await scene.handle(tell_followed, await scene.follow(ann, ben))
    await scene.db.write(inbox.mark_all_read, user_id=ben.user_id, socket_id=None)
    told = len(scene.updated())

    await scene.handle(put_away_follower, await scene.unfollow(ann, ben))

    assert (await scene.only_entry_of(ben)).read_at is not None
    assert len(scene.updated()) == told


async def test_following_again_days_later_renews_the_entry(
    scene: Scene, ann: Identity, ben: Identity
) -> None:
    await scene.handle(tell_followed, await scene.follow(ann, ben))
    await scene.db.write(inbox.mark_all_read, user_id=ben.user_id, socket_id=None)
    await scene.handle(put_away_follower, await scene.unfollow(ann, ben))
    await _let_pass(scene, NEWS_AGAIN_AFTER)

    await scene.handle(tell_followed, await scene.follow(ann, ben))

    entry = await scene.only_entry_of(ben)
    assert (entry.count, entry.read_at, entry.seen_at) == (1, None, None)
    assert len(scene.created()) == 2


@pytest.mark.parametrize("is_read", [False, True])
async def test_following_and_unfollowing_twenty_times_is_told_once(
    scene: Scene, ann: Identity, ben: Identity, is_read: bool
) -> None:
    await scene.handle(tell_followed, await scene.follow(ann, ben))
    if is_read:
        await scene.db.write(inbox.mark_all_read, user_id=ben.user_id, socket_id=None)
    first = await scene.only_entry_of(ben)

    gone = None
    for _ in range(20):
        await scene.handle(put_away_follower, await scene.unfollow(ann, ben))
        gone = await scene.page_of(ben)
        await scene.handle(tell_followed, await scene.follow(ann, ben))

    assert gone == (([first] if is_read else []), Bell(0, 0))
    assert await scene.only_entry_of(ben) == first
    assert len(scene.created()) == 1


async def test_who_put_a_read_entry_away_is_not_brought_it_back(
    scene: Scene, ann: Identity, ben: Identity
) -> None:
    await scene.handle(tell_followed, await scene.follow(ann, ben))
    theirs = {"user_id": ben.user_id, "notification_id": (await scene.only_entry_of(ben)).id}
    await scene.db.write(inbox.mark_read, **theirs, socket_id=None)
    await scene.db.write(inbox.archive, **theirs, socket_id=None)
    told = len(scene.updated())

    await scene.handle(put_away_follower, await scene.unfollow(ann, ben))
    await scene.handle(tell_followed, await scene.follow(ann, ben))

    assert await scene.page_of(ben) == ([], Bell(0, 0))
    assert len(scene.updated()) == told


async def test_who_followed_while_the_clock_ran_ahead_does_not_stay_on_top(
    scene: Scene, ann: Identity, ben: Identity, cleo: Identity
) -> None:
    await scene.handle(tell_followed, await scene.follow(ann, cleo))
    await _let_pass(scene, -timedelta(days=365))

    await bring_entries_back(scene.db)
    await scene.handle(tell_followed, await scene.follow(ben, cleo))

    entries, _ = await scene.page_of(cleo)
    assert [entry.data["username"] for entry in entries] == ["ben", "ann"]


async def _let_pass(scene: Scene, time: timedelta) -> None:
    """Make what was told so long older."""

    def age(tx: Transaction) -> None:
        at = tx.execute(select(Notification.updated_at)).scalar_one()
        tx.execute(update(Notification).values(updated_at=at - time))

    await scene.db.write(age)


async def test_who_unfollowed_before_it_could_be_told_is_no_news(
    scene: Scene, ann: Identity, ben: Identity
) -> None:
    followed = await scene.follow(ann, ben)
    unfollowed = await scene.unfollow(ann, ben)

    await scene.handle(put_away_follower, unfollowed)
    await scene.handle(tell_followed, followed)

    assert await scene.page_of(ben) == ([], Bell(0, 0))
    assert scene.created() == []


async def test_an_older_unfollow_does_not_hide_who_follows_again(
    scene: Scene, ann: Identity, ben: Identity
) -> None:
    events = [await scene.follow(ann, ben)]
    unfollowed = await scene.unfollow(ann, ben)
    events.append(await scene.follow(ann, ben))

    await scene.handle(tell_followed, *events)
    await scene.handle(put_away_follower, unfollowed)

    assert (await scene.only_entry_of(ben)).read_at is None
    assert len(scene.created()) == 1
