"""What becomes of people's lists when others write, and when they read."""

from __future__ import annotations

import pytest

from kabar.features.accounts.identity import Identity
from kabar.features.chat.events import ParticipantLeft
from kabar.features.chat.participants import remove_participant
from kabar.features.chat.rooms import change_my_room
from kabar.features.chat.schemas import MyRoomEdit
from kabar.features.notifications import inbox
from kabar.features.notifications.message_handlers import forget_room, tell_participants
from kabar.features.notifications.schemas import Counts
from tests.features.notifications.conftest import Scene, as_told


async def test_a_message_is_an_entry_in_the_list_of_whom_it_is_for(
    scene: Scene, ann: Identity, ben: Identity, room: str
) -> None:
    sent = await scene.say(ann, room, "Hello Ben")

    await scene.handle(tell_participants, sent)

    entry = await scene.only_entry_of(ben)
    assert (entry.type, entry.title, entry.body) == ("new-message", "Ann", "Hello Ben")
    assert (entry.link, entry.count) == (f"/chat/{room}", 1)
    assert entry.actor is not None
    assert (entry.actor.id, entry.actor.username) == (ann.user_id, "ann")
    assert entry.data == {"roomId": room, "messageId": sent.message.id, "seq": 1}
    assert (entry.seen_at, entry.read_at, entry.archived_at) == (None, None, None)
    assert await scene.page_of(ann) == ([], Counts(0, 0))


async def test_what_is_told_live_is_what_the_list_shows(
    scene: Scene, ann: Identity, ben: Identity, room: str
) -> None:
    await scene.handle(tell_participants, await scene.say(ann, room))

    (told,) = scene.created()
    assert told.user_id == ben.user_id
    assert told.notification == as_told(await scene.only_entry_of(ben), Counts(1, 1))


async def test_messages_of_one_room_are_one_entry_and_one_live_event(
    scene: Scene, ann: Identity, ben: Identity, room: str
) -> None:
    sent = [await scene.say(ann, room, f"number {number}") for number in (1, 2, 3)]

    # The order in which a relay takes up what was left behind is not the order of the room.
    await scene.handle(tell_participants, sent[0], sent[2], sent[1])

    entry = await scene.only_entry_of(ben)
    assert (entry.count, entry.body) == (3, "number 3")
    assert [told.notification for told in scene.created()] == [as_told(entry, Counts(1, 1))]


async def test_an_unread_entry_counts_up_and_comes_up_again(
    scene: Scene, ann: Identity, ben: Identity, cleo: Identity, room: str
) -> None:
    await scene.handle(tell_participants, await scene.say(ann, room, "first"))
    other_room = await scene.direct_room(cleo, ben)
    await scene.handle(tell_participants, await scene.say(cleo, other_room))
    (newest, oldest), _ = await scene.page_of(ben)
    assert (newest.title, oldest.title) == ("Cleo", "Ann")
    await scene.db.write(inbox.mark_seen, user_id=ben.user_id, socket_id=None)

    await scene.handle(tell_participants, await scene.say(ann, room, "second"))

    (again, _), counts = await scene.page_of(ben)
    assert (again.id, again.created_at) == (oldest.id, oldest.created_at)
    assert (again.count, again.body, again.seen_at) == (2, "second", None)
    assert counts == Counts(unread_count=2, unseen_count=1)


async def test_a_long_message_shows_its_first_100_characters(
    scene: Scene, ann: Identity, ben: Identity, room: str
) -> None:
    await scene.handle(tell_participants, await scene.say(ann, room, "🙂" * 101))

    assert (await scene.only_entry_of(ben)).body == "🙂" * 100


async def test_everybody_in_a_group_is_told_but_the_one_who_wrote(
    scene: Scene, ann: Identity, ben: Identity, cleo: Identity
) -> None:
    group = await scene.group(ann, ben, cleo)

    await scene.handle(tell_participants, await scene.say(ann, group, "one"))

    assert (await scene.only_entry_of(ben)).body == "one"
    assert (await scene.only_entry_of(cleo)).body == "one"
    assert await scene.page_of(ann) == ([], Counts(0, 0))


async def test_who_answers_has_read_what_was_said_before(
    scene: Scene, ann: Identity, ben: Identity, cleo: Identity
) -> None:
    group = await scene.group(ann, ben, cleo)
    sent = [await scene.say(ann, group, "one"), await scene.say(ben, group, "two")]

    await scene.handle(tell_participants, *sent)

    assert await scene.page_of(ben) == ([], Counts(0, 0))
    entry = await scene.only_entry_of(cleo)
    assert (entry.count, entry.title, entry.body) == (2, "Ben", "two")


async def test_a_muted_room_tells_nothing(
    scene: Scene, ann: Identity, ben: Identity, room: str
) -> None:
    await scene.db.write(
        change_my_room, user_id=ben.user_id, room_id=room, edit=MyRoomEdit(is_muted=True)
    )

    await scene.handle(tell_participants, await scene.say(ann, room))

    assert await scene.page_of(ben) == ([], Counts(0, 0))
    assert scene.created() == []


async def test_a_large_room_has_no_entry_for_each(
    scene: Scene, ann: Identity, ben: Identity, cleo: Identity
) -> None:
    group = await scene.group(ann, ben, cleo)

    await scene.handle(tell_participants, await scene.say(ann, group, tell_at_most=2))

    assert await scene.page_of(ben) == ([], Counts(0, 0))


async def test_what_was_read_before_it_could_be_told_is_not_told(
    scene: Scene, ann: Identity, ben: Identity, room: str
) -> None:
    sent = await scene.say(ann, room)
    read = await scene.read(ben, room)

    await scene.handle(forget_room, read)
    await scene.handle(tell_participants, sent)

    assert await scene.page_of(ben) == ([], Counts(0, 0))


async def test_reading_the_room_is_reading_its_entry(
    scene: Scene, ann: Identity, ben: Identity, room: str
) -> None:
    await scene.handle(tell_participants, await scene.say(ann, room))

    await scene.handle(forget_room, await scene.read(ben, room))

    entry = await scene.only_entry_of(ben)
    assert entry.read_at is not None
    assert entry.seen_at is not None
    assert [(told.user_id, told.counts) for told in scene.updated()] == [
        (ben.user_id, Counts(0, 0))
    ]


async def test_reading_a_room_without_an_entry_tells_nothing(
    scene: Scene, ann: Identity, ben: Identity, room: str
) -> None:
    await scene.say(ann, room)

    await scene.handle(forget_room, await scene.read(ben, room))

    assert scene.updated() == []


async def test_reading_a_part_leaves_the_rest(
    scene: Scene, ann: Identity, ben: Identity, room: str
) -> None:
    first, second, third = [await scene.say(ann, room) for _ in range(3)]
    await scene.handle(tell_participants, first, second, third)

    await scene.handle(forget_room, await scene.read(ben, room, up_to=first))

    entry = await scene.only_entry_of(ben)
    assert (entry.count, entry.read_at) == (2, None)


async def test_an_older_read_does_not_hide_a_newer_message(
    scene: Scene, ann: Identity, ben: Identity, room: str
) -> None:
    first = await scene.say(ann, room)
    read = await scene.read(ben, room)
    second = await scene.say(ann, room)
    await scene.handle(tell_participants, first, second)

    await scene.handle(forget_room, read)

    entry = await scene.only_entry_of(ben)
    assert (entry.count, entry.read_at) == (1, None)


@pytest.mark.parametrize("archived", [False, True])
async def test_after_it_was_dealt_with_an_entry_begins_anew(
    scene: Scene, ann: Identity, ben: Identity, room: str, archived: bool
) -> None:
    for _ in range(2):
        await scene.handle(tell_participants, await scene.say(ann, room))
    await scene.handle(forget_room, await scene.read(ben, room))
    done = await scene.only_entry_of(ben)
    if archived:
        await scene.db.write(
            inbox.archive, user_id=ben.user_id, notification_id=done.id, socket_id=None
        )

    await scene.handle(tell_participants, await scene.say(ann, room, "news"))

    entry = await scene.only_entry_of(ben)
    assert (entry.id, entry.count, entry.body) == (done.id, 1, "news")
    assert entry.created_at > done.created_at
    assert (entry.seen_at, entry.read_at, entry.archived_at) == (None, None, None)


async def test_who_left_has_nothing_more_to_read_there(
    scene: Scene, ann: Identity, ben: Identity
) -> None:
    group = await scene.group(ann, ben)
    sent = await scene.say(ann, group)
    await scene.handle(tell_participants, sent)
    await scene.db.write(remove_participant, caller=ben, room_id=group, user_id=ben.user_id)

    await scene.handle(forget_room, *scene.told(ParticipantLeft))
    # and a message that was on its way does not bring it back
    await scene.handle(tell_participants, sent)

    entry = await scene.only_entry_of(ben)
    assert entry.read_at is not None
    assert (await scene.page_of(ben))[1] == Counts(0, 0)
