"""What becomes of people's lists when others edit and delete what they said."""

from __future__ import annotations

from kabar.features.accounts.identity import Identity
from kabar.features.chat.deleting.for_all import delete_message
from kabar.features.chat.events import MessageDeleted, MessageEdited, MessageSent
from kabar.features.chat.groups.participants import remove_participant
from kabar.features.chat.messages import edit_message
from kabar.features.notifications.room_entries import DELETED
from tests.features.notifications.conftest import Bell, Scene


async def delete(scene: Scene, author: Identity, sent: MessageSent) -> MessageDeleted:
    await scene.db.write(
        delete_message,
        user_id=author.user_id,
        message_id=sent.message_id,
        socket_id=None,
        audience=scene.audience,
    )
    return scene.told(MessageDeleted)[-1]


async def edit(scene: Scene, author: Identity, sent: MessageSent, content: str) -> MessageEdited:
    await scene.db.write(
        edit_message,
        user_id=author.user_id,
        message_id=sent.message_id,
        content=content,
        socket_id=None,
        audience=scene.audience,
    )
    return scene.told(MessageEdited)[-1]


async def test_a_deleted_message_is_no_longer_in_anybodys_list(
    scene: Scene, ann: Identity, ben: Identity, room: str
) -> None:
    secret = [await scene.say(ann, room, text) for text in ("first", "secret")][-1]

    deleted = await delete(scene, ann, secret)

    entry = await scene.only_entry_of(ben)
    assert (entry.body, entry.count, entry.read_at) == (DELETED, 1, None)
    ((user_id, event, counts),) = await scene.heard(deleted)
    assert (user_id, event, counts["unreadCount"]) == (ben.user_id, "notifications-updated", 1)


async def test_when_all_that_was_unread_is_deleted_nothing_is_left_to_read(
    scene: Scene, ann: Identity, ben: Identity, room: str
) -> None:
    secret = await scene.say(ann, room, "secret")

    deleted = await delete(scene, ann, secret)

    entry = await scene.only_entry_of(ben)
    assert (entry.body, entry.count) == (DELETED, 0)
    assert entry.read_at is not None
    assert entry.seen_at is not None
    ((_, _, counts),) = await scene.heard(deleted)
    assert (counts["unreadCount"], counts["unseenCount"]) == (0, 0)


async def test_after_all_was_deleted_the_next_message_rings_again(
    scene: Scene, ann: Identity, ben: Identity, room: str
) -> None:
    await delete(scene, ann, await scene.say(ann, room, "secret"))

    sent = await scene.say(ann, room, "news")

    assert [(user, event) for user, event, _ in await scene.heard(sent)] == [
        (ben.user_id, "new-notification")
    ]
    assert (await scene.only_entry_of(ben)).count == 1


async def test_deletions_across_blocks_are_counted_exactly(
    scene: Scene, ann: Identity, ben: Identity, room: str
) -> None:
    sent = [await scene.say(ann, room, str(number)) for number in range(140)]
    await scene.read(ben, room, up_to=sent[9])

    for number in (3, 9, 10, 62, 63, 64, 127, 128, 139):
        await delete(scene, ann, sent[number])

    assert (await scene.only_entry_of(ben)).count == 130 - 7


async def test_an_edited_message_is_edited_in_the_list(
    scene: Scene, ann: Identity, ben: Identity, room: str
) -> None:
    older, newest = await scene.say(ann, room, "older"), await scene.say(ann, room, "tpyo")

    unshown, shown = await edit(scene, ann, older, "words"), await edit(scene, ann, newest, "typo")

    entry = await scene.only_entry_of(ben)
    assert (entry.body, entry.count) == ("typo", 2)
    assert await scene.heard(unshown) == []
    assert ben.user_id in [user_id for user_id, _, _ in await scene.heard(shown)]


async def test_who_was_removed_reads_nothing_of_the_room_any_more(
    scene: Scene, ann: Identity, ben: Identity
) -> None:
    group = await scene.group(ann, ben)
    sent = await scene.say(ann, group, "before")
    await scene.db.write(remove_participant, caller=ann, room_id=group, user_id=ben.user_id)

    await edit(scene, ann, sent, "not for Ben")

    assert await scene.page_of(ben) == ([], Bell(0, 0))
