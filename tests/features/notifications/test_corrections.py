"""What becomes of people's lists when others edit and delete what they said."""

from __future__ import annotations

from kabar.features.accounts.identity import Identity
from kabar.features.chat.events import MessageDeleted, MessageEdited, MessageSent
from kabar.features.chat.messages import delete_message, edit_message
from kabar.features.chat.participants import remove_participant
from kabar.features.chat.rooms import create_group_room
from kabar.features.chat.schemas import GroupDraft
from kabar.features.notifications.message_handlers import (
    DELETED,
    correct_entries,
    tell_participants,
)
from kabar.features.notifications.schemas import Counts
from tests.features.notifications.conftest import Scene


async def delete(scene: Scene, author: Identity, sent: MessageSent) -> MessageDeleted:
    await scene.db.write(
        delete_message, user_id=author.user_id, message_id=sent.message.id, socket_id=None
    )
    return scene.told(MessageDeleted)[-1]


async def test_a_deleted_message_is_no_longer_in_anybodys_list(
    scene: Scene, ann: Identity, ben: Identity, room: str
) -> None:
    first, secret = await scene.say(ann, room, "first"), await scene.say(ann, room, "secret")
    await scene.handle(tell_participants, first, secret)

    await scene.handle(correct_entries, await delete(scene, ann, secret))

    entry = await scene.only_entry_of(ben)
    assert (entry.body, entry.count, entry.read_at) == (DELETED, 1, None)
    assert [told.user_id for told in scene.updated()] == [ben.user_id]


async def test_when_all_that_was_unread_is_deleted_nothing_is_left_to_read(
    scene: Scene, ann: Identity, ben: Identity, room: str
) -> None:
    secret = await scene.say(ann, room, "secret")
    await scene.handle(tell_participants, secret)

    await scene.handle(correct_entries, await delete(scene, ann, secret))

    entry = await scene.only_entry_of(ben)
    assert entry.body == DELETED
    assert entry.read_at is not None
    assert scene.updated()[-1].counts == Counts(0, 0)


async def test_what_was_deleted_before_it_could_be_told_is_not_told(
    scene: Scene, ann: Identity, ben: Identity, room: str
) -> None:
    first, secret = await scene.say(ann, room, "first"), await scene.say(ann, room, "secret")
    deleted = await delete(scene, ann, secret)

    await scene.handle(correct_entries, deleted)
    await scene.handle(tell_participants, first, secret)

    entry = await scene.only_entry_of(ben)
    assert (entry.count, entry.body) == (1, DELETED)


async def test_an_edited_message_is_edited_in_the_list(
    scene: Scene, ann: Identity, ben: Identity, room: str
) -> None:
    older, newest = await scene.say(ann, room, "older"), await scene.say(ann, room, "tpyo")
    await scene.handle(tell_participants, older, newest)
    for sent, content in ((older, "other words"), (newest, "typo")):
        await scene.db.write(
            edit_message,
            user_id=ann.user_id,
            message_id=sent.message.id,
            content=content,
            socket_id=None,
        )

    await scene.handle(correct_entries, *scene.told(MessageEdited))

    entry = await scene.only_entry_of(ben)
    assert (entry.body, entry.count) == ("typo", 2)


async def test_who_was_removed_does_not_read_what_is_edited_later(
    scene: Scene, ann: Identity, ben: Identity
) -> None:
    draft = GroupDraft(name="Plans", participant_ids=[ben.user_id])
    group = await scene.db.write(create_group_room, owner=ann, draft=draft, max_participants=9)
    sent = await scene.say(ann, group.id, "before")
    await scene.handle(tell_participants, sent)
    await scene.db.write(remove_participant, caller=ann, room_id=group.id, user_id=ben.user_id)
    await scene.db.write(
        edit_message,
        user_id=ann.user_id,
        message_id=sent.message.id,
        content="not for Ben",
        socket_id=None,
    )

    await scene.handle(correct_entries, *scene.told(MessageEdited))
    assert (await scene.only_entry_of(ben)).body == "before"

    await scene.handle(correct_entries, await delete(scene, ann, sent))
    assert (await scene.only_entry_of(ben)).body == DELETED
