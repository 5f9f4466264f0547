"""Bells and muted people: what they say rings for nobody who mutes them, and others' words do."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select, update

from kabar.core.times import utc_now
from kabar.features.accounts.identity import Identity
from kabar.features.chat.models import ChatParticipant
from kabar.features.chat.muting.muting import mute_user, unmute_user
from kabar.features.chat.queries import find_place
from kabar.features.chat.recipients import standings
from kabar.features.follows.events import UserFollowed, UserMuted
from kabar.features.follows.models import Mute
from kabar.features.follows.schemas import MuteDraft
from kabar.features.notifications import inbox
from kabar.features.notifications.follow_handlers import tell_followed, tell_muter
from kabar.features.notifications.queries import counts_of
from tests.features.notifications.conftest import Bell, Scene
from tests.plans import heard as said_to_database
from tests.plans import would_walk_through


async def mute(scene: Scene, muter: Identity, muted: Identity, *, hours: int | None = None) -> None:
    until = None if hours is None else utc_now() + timedelta(hours=hours)
    draft = MuteDraft(until=until)
    await scene.db.write(
        partial(mute_user, caller=muter, user=muted.user_id, draft=draft, socket_id=None)
    )


async def unmute(scene: Scene, muter: Identity, muted: Identity) -> None:
    await scene.db.write(partial(unmute_user, caller=muter, user=muted.user_id, socket_id=None))


async def end_all(scene: Scene) -> None:
    """As if their time had come."""
    ended = utc_now() - timedelta(milliseconds=1)
    await scene.db.write(lambda tx: tx.execute(update(Mute).values(until=ended)))


async def unread_in(scene: Scene, room: str, user: Identity) -> int:
    """Return what the room itself counts."""
    pair = (room, user.user_id)
    place = await scene.db.read(find_place, *pair)
    assert place is not None
    return (await scene.db.read(standings, [pair]))[pair].unread_at(place.last_seq)


async def test_in_a_direct_room_nothing_rings_and_the_room_counts_on(
    scene: Scene, ann: Identity, ben: Identity, room: str
) -> None:
    await mute(scene, ben, ann)

    sent = await scene.say(ann, room)

    assert (sent.rung, await scene.heard(sent)) == ((), [])
    assert await scene.page_of(ben) == ([], Bell(0, 0))
    assert await unread_in(scene, room, ben) == 1
    # It is told to his list of rooms, as of a muted room.
    assert [bell.unread_count for bell in sent.bells] == [1]


async def test_who_is_muted_hears_as_before(
    scene: Scene, ann: Identity, ben: Identity, room: str
) -> None:
    await mute(scene, ben, ann)

    sent = await scene.say(ben, room, "Hello Ann")

    assert [user for user, *_ in await scene.heard(sent)] == [ann.user_id]
    assert (await scene.only_entry_of(ann)).body == "Hello Ann"


async def test_in_a_group_only_what_others_say_rings(
    scene: Scene, ann: Identity, ben: Identity, cleo: Identity
) -> None:
    room = await scene.group(cleo, ann, ben)
    await mute(scene, ben, ann)

    first = await scene.say(ann, room, "psst")
    second = await scene.say(cleo, room, "Morning")
    await scene.say(ann, room, "psst again")

    assert ben.user_id not in [user for user, *_ in await scene.heard(first)]
    assert ben.user_id in [user for user, *_ in await scene.heard(second)]
    entry = await scene.only_entry_of(ben)
    assert (entry.body, entry.count) == ("Morning", 1)
    assert await scene.bell_of(ben) == Bell(1, 1)
    assert await unread_in(scene, room, ben) == 3
    # Cleo mutes nobody.
    assert (await scene.only_entry_of(cleo)).body == "psst again"


async def test_muting_silences_what_is_unread_and_unmuting_brings_it_back(
    scene: Scene, ann: Identity, ben: Identity, room: str
) -> None:
    await scene.say(ann, room)
    assert await scene.bell_of(ben) == Bell(1, 1)

    await mute(scene, ben, ann)
    assert await scene.page_of(ben) == ([], Bell(0, 0))

    await unmute(scene, ben, ann)
    assert await scene.bell_of(ben) == Bell(1, 1)


async def test_a_mute_for_a_time_ends_by_itself(
    scene: Scene, ann: Identity, ben: Identity, room: str
) -> None:
    await mute(scene, ben, ann, hours=1)
    await scene.say(ann, room, "during")
    assert await scene.bell_of(ben) == Bell(0, 0)

    await end_all(scene)

    assert (await scene.only_entry_of(ben)).body == "during"
    sent = await scene.say(ann, room, "after")
    # The first of the run is unseen already, so this one does not ring again.
    assert sent.rung == ()
    await scene.read(ben, room)
    assert (await scene.say(ann, room, "later")).rung == (ben.user_id,)


async def test_who_comes_into_a_room_later_is_quiet_there_too(
    scene: Scene, ann: Identity, ben: Identity, cleo: Identity
) -> None:
    await mute(scene, ben, ann)

    room = await scene.group(cleo, ann, ben)
    await scene.say(ann, room)

    assert await scene.bell_of(ben) == Bell(0, 0)
    assert await scene.bell_of(cleo) == Bell(1, 1)


async def test_seeing_and_reading_all_go_by_what_rings(
    scene: Scene, ann: Identity, ben: Identity, cleo: Identity
) -> None:
    room = await scene.group(cleo, ann, ben)
    await mute(scene, ben, ann)
    await scene.say(cleo, room)
    await scene.say(ann, room)

    await scene.db.write(inbox.mark_seen, user_id=ben.user_id, socket_id=None)
    assert await scene.bell_of(ben) == Bell(unread=1, unseen=0)
    await scene.db.write(inbox.mark_all_read, user_id=ben.user_id, socket_id=None)
    assert await scene.bell_of(ben) == Bell(0, 0)
    await scene.say(ann, room)
    assert await scene.bell_of(ben) == Bell(0, 0)
    assert ben.user_id in (await scene.say(cleo, room)).rung


async def test_a_muted_follower_makes_no_entry(scene: Scene, ann: Identity, ben: Identity) -> None:
    await mute(scene, ben, ann)

    followed = await scene.follow(ann, ben)
    await scene.handle(tell_followed, followed)

    assert isinstance(followed, UserFollowed)
    assert await scene.page_of(ben) == ([], Bell(0, 0))


async def test_the_muters_bell_is_told_what_has_become_of_it(
    scene: Scene, ann: Identity, ben: Identity, room: str
) -> None:
    await scene.say(ann, room)
    await mute(scene, ben, ann)

    await scene.handle(tell_muter, *scene.told(UserMuted))

    ((user_id, event, data),) = await scene.heard(*scene.updated())
    assert (user_id, event, data["unreadCount"]) == (ben.user_id, "notifications-updated", 0)


@pytest.mark.parametrize("mutes_another", [False, True])
async def test_marks_go_when_nobody_is_muted_any_more(
    scene: Scene, ann: Identity, ben: Identity, cleo: Identity, room: str, mutes_another: bool
) -> None:
    async def marked() -> list[str]:
        query = select(ChatParticipant.user_id).where(ChatParticipant.mutes_some)
        return list(await scene.db.read(lambda tx: tx.execute(query).scalars()))

    await mute(scene, ben, ann)
    if mutes_another:
        await mute(scene, ben, cleo)
    assert await marked() == [ben.user_id]

    await unmute(scene, ben, ann)

    assert await marked() == ([ben.user_id] if mutes_another else [])


async def test_bells_of_who_mutes_are_counted_along_indexes(
    scene: Scene, ann: Identity, ben: Identity, cleo: Identity, room: str
) -> None:
    await mute(scene, ben, ann)
    for _ in range(3):
        await scene.say(ann, room)
    with said_to_database(scene.db) as said:
        await scene.page_of(ben)
        await scene.db.read(counts_of, [ben.user_id, cleo.user_id])

    tables = ("Message", "ChatParticipant", "KabarMute")

    walks = await scene.db.read(would_walk_through, said, tables)
    assert not walks, "\n\n".join(f"{s}\n--\n{p}" for s, p in walks.items())
