"""What becomes of people's lists when others follow and unfollow them."""

from __future__ import annotations

from kabar.features.accounts.identity import Identity
from kabar.features.notifications import inbox
from kabar.features.notifications.follow_handlers import forget_follower, tell_followed
from tests.features.notifications.conftest import Bell, Scene


async def test_a_new_follower_is_an_entry(scene: Scene, ann: Identity, ben: Identity) -> None:
    await scene.handle(tell_followed, await scene.follow(ann, ben))

    entry = await scene.only_entry_of(ben)
    assert (entry.type, entry.title, entry.body) == (
        "new-follower",
        "\u2068Ann\u2069 started following you",
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

    await scene.handle(forget_follower, await scene.unfollow(ann, ben))

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

    await scene.handle(forget_follower, await scene.unfollow(ann, ben))

    assert (await scene.only_entry_of(ben)).read_at is not None
    assert len(scene.updated()) == told


async def test_following_again_renews_the_entry(scene: Scene, ann: Identity, ben: Identity) -> None:
    await scene.handle(tell_followed, await scene.follow(ann, ben))
    await scene.db.write(inbox.mark_all_read, user_id=ben.user_id, socket_id=None)
    await scene.handle(forget_follower, await scene.unfollow(ann, ben))

    await scene.handle(tell_followed, await scene.follow(ann, ben))

    entry = await scene.only_entry_of(ben)
    assert (entry.count, entry.read_at, entry.seen_at) == (1, None, None)


async def test_who_unfollowed_before_it_could_be_told_is_no_news(
    scene: Scene, ann: Identity, ben: Identity
) -> None:
    followed = await scene.follow(ann, ben)
    unfollowed = await scene.unfollow(ann, ben)

    await scene.handle(forget_follower, unfollowed)
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
    await scene.handle(forget_follower, unfollowed)

    assert (await scene.only_entry_of(ben)).read_at is None
    assert len(scene.created()) == 1
