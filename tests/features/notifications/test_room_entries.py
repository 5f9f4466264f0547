"""What people's lists say of rooms when others write, and when they read."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from kabar.features.accounts.identity import Identity
from kabar.features.chat.groups.events import ParticipantLeft
from kabar.features.chat.groups.participants import remove_participant
from kabar.features.chat.mine.choosing import change_my_room
from kabar.features.chat.mine.events import MyRoomChanged
from kabar.features.chat.mine.schemas import MyRoomEdit
from kabar.features.notifications import inbox
from kabar.features.notifications.errors import NotificationNotFound
from kabar.features.notifications.models import Filter
from tests.features.notifications.conftest import Bell, Scene


async def test_a_message_is_an_entry_in_the_list_of_whom_it_is_for(
    scene: Scene, ann: Identity, ben: Identity, room: str
) -> None:
    sent = await scene.say(ann, room, "Hello Ben")

    entry = await scene.only_entry_of(ben)
    assert (entry.type, entry.title, entry.body) == ("new-message", "Ann", "Hello Ben")
    assert (entry.link, entry.count) == (f"/chat/{room}", 1)
    assert entry.actor is not None
    assert (entry.actor.id, entry.actor.username) == (ann.user_id, "ann")
    assert entry.data == {"roomId": room, "messageId": sent.message_id, "seq": 1}
    assert (entry.seen_at, entry.read_at, entry.archived_at) == (None, None, None)
    assert await scene.page_of(ann) == ([], Bell(0, 0))


async def test_what_is_told_live_is_what_the_list_shows(
    scene: Scene, ann: Identity, ben: Identity, room: str
) -> None:
    sent = await scene.say(ann, room)

    ((user_id, event, data),) = await scene.heard(sent)

    entry = await scene.only_entry_of(ben)
    assert (user_id, event) == (ben.user_id, "new-notification")
    assert (data["id"], data["body"], data["count"]) == (entry.id, entry.body, 1)
    assert (data["createdAt"], data["updatedAt"]) == (entry.created_at, entry.updated_at)
    assert (data["unreadCount"], data["unseenCount"]) == (1, 1)


async def test_an_unread_run_is_one_entry_that_counts_up_and_rings_once(
    scene: Scene, ann: Identity, ben: Identity, room: str
) -> None:
    sent = [await scene.say(ann, room, f"number {number}") for number in (1, 2, 3)]

    entry = await scene.only_entry_of(ben)
    assert (entry.count, entry.body) == (3, "number 3")
    assert [len(await scene.heard(one)) for one in sent] == [1, 0, 0]


async def test_a_seen_entry_rings_again_and_comes_up_again(
    scene: Scene, ann: Identity, ben: Identity, cleo: Identity, room: str
) -> None:
    await scene.say(ann, room, "first")
    other_room = await scene.direct_room(cleo, ben)
    await scene.say(cleo, other_room)
    (newest, oldest), _ = await scene.page_of(ben)
    assert (newest.title, oldest.title) == ("Cleo", "Ann")
    await scene.db.write(inbox.mark_seen, user_id=ben.user_id, socket_id=None)

    sent = await scene.say(ann, room, "second")

    (again, _), bell = await scene.page_of(ben)
    assert (again.id, again.created_at) == (oldest.id, oldest.created_at)
    assert (again.count, again.body, again.seen_at) == (2, "second", None)
    assert bell == Bell(unread=2, unseen=1)
    assert len(await scene.heard(sent)) == 1


async def test_a_long_message_shows_its_first_100_characters(
    scene: Scene, ann: Identity, ben: Identity, room: str
) -> None:
    await scene.say(ann, room, "🙂" * 101)

    assert (await scene.only_entry_of(ben)).body == "🙂" * 100


@pytest.mark.parametrize("whole", ["👩‍👩‍👧‍👦", "e\u0301"])
async def test_a_long_message_ends_before_a_character_that_would_be_halved(
    scene: Scene, ann: Identity, ben: Identity, room: str, whole: str
) -> None:
    await scene.say(ann, room, "x" * 99 + whole)

    assert (await scene.only_entry_of(ben)).body == "x" * 99


async def test_everybody_in_a_group_is_told_but_the_one_who_wrote(
    scene: Scene, ann: Identity, ben: Identity, cleo: Identity
) -> None:
    group = await scene.group(ann, ben, cleo)

    sent = await scene.say(ann, group, "one")

    assert (await scene.only_entry_of(ben)).body == "one"
    assert (await scene.only_entry_of(cleo)).body == "one"
    assert await scene.page_of(ann) == ([], Bell(0, 0))
    assert {user_id for user_id, _, _ in await scene.heard(sent)} == {ben.user_id, cleo.user_id}


async def test_who_answers_has_read_what_was_said_before(
    scene: Scene, ann: Identity, ben: Identity, cleo: Identity
) -> None:
    group = await scene.group(ann, ben, cleo)
    await scene.say(ann, group, "one")
    await scene.say(ben, group, "two")

    (bens,), bell = await scene.page_of(ben)
    assert (bens.body, bell) == ("one", Bell(0, 0))
    assert bens.read_at is not None
    entry = await scene.only_entry_of(cleo)
    assert (entry.count, entry.title, entry.body) == (2, "Ben", "two")


async def test_what_one_says_oneself_does_not_move_an_entry_that_is_read(
    scene: Scene, ann: Identity, ben: Identity, room: str
) -> None:
    await scene.say(ann, room, "hers")
    await scene.read(ben, room)
    before = await scene.page_of(ben)

    for _ in range(3):
        await scene.say(ben, room, "his")

    assert await scene.page_of(ben) == before


async def test_a_muted_room_tells_nothing(
    scene: Scene, ann: Identity, ben: Identity, room: str
) -> None:
    await mute(scene, ben, room)

    sent = await scene.say(ann, room)

    assert await scene.page_of(ben) == ([], Bell(0, 0))
    assert await scene.heard(sent) == []


async def test_a_room_that_is_muted_later_is_no_longer_in_the_bell(
    scene: Scene, ann: Identity, ben: Identity, room: str
) -> None:
    await scene.say(ann, room)

    await mute(scene, ben, room)

    assert await scene.page_of(ben) == ([], Bell(0, 0))
    (changed,) = scene.told(MyRoomChanged)
    ((user_id, event, counts),) = await scene.heard(changed)
    assert (user_id, event, counts["unreadCount"]) == (ben.user_id, "notifications-updated", 0)


async def test_what_was_read_before_it_could_be_told_is_not_told(
    scene: Scene, ann: Identity, ben: Identity, room: str
) -> None:
    sent = await scene.say(ann, room)
    await scene.read(ben, room)

    assert await scene.heard(sent) == []
    assert await scene.bell_of(ben) == Bell(0, 0)


async def test_reading_the_room_is_reading_its_entry(
    scene: Scene, ann: Identity, ben: Identity, room: str
) -> None:
    await scene.say(ann, room)

    read = await scene.read(ben, room)

    entry = await scene.only_entry_of(ben)
    assert entry.read_at is not None
    assert entry.seen_at is not None
    assert entry.count == 0
    ((user_id, event, counts),) = await scene.heard(read)
    assert (user_id, event, counts["unseenCount"]) == (ben.user_id, "notifications-updated", 0)


async def test_reading_a_part_leaves_the_rest(
    scene: Scene, ann: Identity, ben: Identity, room: str
) -> None:
    first, _, _ = [await scene.say(ann, room) for _ in range(3)]

    await scene.read(ben, room, up_to=first)

    entry = await scene.only_entry_of(ben)
    assert (entry.count, entry.read_at) == (2, None)


@pytest.mark.parametrize("archived", [False, True])
async def test_after_it_was_dealt_with_an_entry_begins_anew(
    scene: Scene, ann: Identity, ben: Identity, room: str, archived: bool
) -> None:
    for _ in range(2):
        await scene.say(ann, room)
    await scene.read(ben, room)
    done = await scene.only_entry_of(ben)
    if archived:
        await do(scene, inbox.archive, ben, done.id)

    await scene.say(ann, room, "news")

    entry = await scene.only_entry_of(ben)
    assert (entry.id, entry.count, entry.body) == (done.id, 1, "news")
    assert entry.created_at > done.created_at
    assert (entry.seen_at, entry.read_at, entry.archived_at) == (None, None, None)


async def test_who_left_has_no_entry_of_the_room(
    scene: Scene, ann: Identity, ben: Identity
) -> None:
    group = await scene.group(ann, ben)
    sent = await scene.say(ann, group)
    await scene.db.write(remove_participant, caller=ben, room_id=group, user_id=ben.user_id)

    # and a message that was on its way does not bring it back
    heard = await scene.heard(*scene.told(ParticipantLeft), sent)

    assert [event for _, event, _ in heard] == ["notifications-updated"]
    assert await scene.page_of(ben) == ([], Bell(0, 0))


# ── what is done with an entry ───────────────────────────────────────────────────────────────


async def do(scene: Scene, verb: Any, who: Identity, entry_id: str) -> Bell:
    await scene.db.write(verb, user_id=who.user_id, notification_id=entry_id, socket_id=None)
    return await scene.bell_of(who)


async def mute(scene: Scene, who: Identity, room: str) -> None:
    await scene.db.write(
        change_my_room, user_id=who.user_id, room_id=room, edit=MyRoomEdit(is_muted=True)
    )


async def test_an_entry_can_be_read_and_marked_unread_again_and_counts_what_is_there(
    scene: Scene, ann: Identity, ben: Identity, room: str
) -> None:
    for _ in range(2):
        await scene.say(ann, room)
    await scene.read(ben, room)
    entry = await scene.only_entry_of(ben)

    assert await do(scene, inbox.mark_unread, ben, entry.id) == Bell(1, 0)
    again = await scene.only_entry_of(ben)
    assert (again.count, again.read_at) == (0, None)

    assert await do(scene, inbox.mark_read, ben, entry.id) == Bell(0, 0)
    assert (await scene.only_entry_of(ben)).read_at is not None


async def test_an_entry_may_be_read_without_the_room(
    scene: Scene, ann: Identity, ben: Identity, room: str
) -> None:
    await scene.say(ann, room)
    entry = await scene.only_entry_of(ben)

    assert await do(scene, inbox.mark_read, ben, entry.id) == Bell(0, 0)

    read = await scene.only_entry_of(ben)
    assert (read.count, read.read_at is not None, read.seen_at is not None) == (1, True, True)
    assert len(await scene.heard(await scene.say(ann, room))) == 1
    assert await scene.bell_of(ben) == Bell(1, 1)


async def test_an_archived_entry_is_in_a_list_of_its_own(
    scene: Scene, ann: Identity, ben: Identity, room: str
) -> None:
    await scene.say(ann, room)
    entry = await scene.only_entry_of(ben)

    assert await do(scene, inbox.archive, ben, entry.id) == Bell(0, 0)

    assert (await scene.page_of(ben))[0] == []
    (archived,), _ = await scene.page_of(ben, "archived")
    assert (archived.id, archived.archived_at is not None) == (entry.id, True)


async def test_a_removed_entry_is_gone_until_something_is_said(
    scene: Scene, ann: Identity, ben: Identity, room: str
) -> None:
    await scene.say(ann, room)
    entry = await scene.only_entry_of(ben)

    assert await do(scene, inbox.remove, ben, entry.id) == Bell(0, 0)

    for only in (None, *get_args(Filter)):
        assert (await scene.page_of(ben, only))[0] == []
    with pytest.raises(NotificationNotFound):
        await do(scene, inbox.remove, ben, entry.id)
    assert len(await scene.heard(await scene.say(ann, room))) == 1
    assert (await scene.only_entry_of(ben)).id == entry.id


async def test_others_entries_of_rooms_do_not_exist(
    scene: Scene, ann: Identity, ben: Identity, room: str
) -> None:
    await scene.say(ann, room)
    entry = await scene.only_entry_of(ben)

    for verb in (inbox.mark_read, inbox.mark_unread, inbox.archive, inbox.remove):
        with pytest.raises(NotificationNotFound):
            await do(scene, verb, ann, entry.id)


async def test_all_of_it_can_be_seen_and_read_at_once(
    scene: Scene, ann: Identity, ben: Identity, cleo: Identity, room: str
) -> None:
    await scene.say(ann, room)
    await scene.say(cleo, await scene.direct_room(cleo, ben))

    await scene.db.write(inbox.mark_seen, user_id=ben.user_id, socket_id=None)
    assert await scene.bell_of(ben) == Bell(2, 0)
    await scene.db.write(inbox.mark_all_read, user_id=ben.user_id, socket_id=None)

    entries, bell = await scene.page_of(ben)
    assert bell == Bell(0, 0)
    assert all(entry.read_at and entry.seen_at for entry in entries)
