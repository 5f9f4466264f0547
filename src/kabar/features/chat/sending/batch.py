"""A batch of messages, from first to last: what is read, decided, written and told."""

from __future__ import annotations

from collections.abc import Sequence

from kabar.core.errors import KabarError
from kabar.core.ids import new_id
from kabar.core.times import rfc3339
from kabar.features.accounts.signed_in import find_signed_out, sign_in_first
from kabar.features.chat.audience import RoomKey
from kabar.features.chat.errors import MessageNotFound, RoomNotFound
from kabar.features.chat.events import MessageRead, MessageSent
from kabar.features.chat.schemas import MessageView, PersonView, ReplyView
from kabar.features.chat.sending.incoming import Send, Sent
from kabar.features.chat.sending.reading import Room, load_replies, load_rooms, load_seen
from kabar.features.chat.sending.writing import NewRows
from kabar.infra.db import Transaction
from kabar.infra.http.idempotency import IdempotencyKeyReused


def send_messages(tx: Transaction, sends: Sequence[Send]) -> list[Sent | KabarError]:
    """Send all of them in one transaction; each gets its message or its own error.

    This is the hottest path of Kabar. Its cost does not depend on how many participants a room
    has: nothing is written per participant, and only of those who listen is it read where they are.
    """
    rooms = load_rooms(tx, {send.place for send in sends}, sends[0].audience)
    seen = load_seen(tx, {send.key for send in sends if send.key is not None})
    replies = load_replies(tx, {send.answers for send in sends if send.answers is not None})
    signed_out = find_signed_out(tx, [send.sender for send in sends])
    new = NewRows(rfc3339(tx.now))

    outcomes: list[Sent | KabarError] = []
    for send in sends:
        room, key, answers = rooms.get(send.draft.room_id), send.key, send.answers
        if send.sender.proof in signed_out:
            outcomes.append(sign_in_first())
        elif room is None or send.sender.user_id not in room.read:
            outcomes.append(RoomNotFound())
        elif key is not None and key in seen:
            outcomes.append(_again(send, seen[key]))
        elif answers is not None and answers not in replies:
            outcomes.append(MessageNotFound("The message to reply to is not in this room."))
        else:
            message = _say(tx, send, room, answers and replies[answers], new)
            if key is not None:
                seen[key] = message
            outcomes.append(Sent(message, is_new=True))

    new.write(tx, rooms)
    return outcomes


def _again(send: Send, message: MessageView) -> Sent | KabarError:
    """Answer with the message that was sent first, if it is the same one."""
    reply_to_id = None if message.reply_to is None else message.reply_to.id
    sent, draft = (message.content, message.type, reply_to_id), send.draft
    # What it says may have been changed since, and then nobody knows what it said at first.
    is_as_sent = message.edited_at is None and message.deleted_at is None
    if send.is_keyed and is_as_sent and sent != (draft.content, draft.type, draft.reply_to_id):
        return IdempotencyKeyReused()
    return Sent(message, is_new=False)


def _say(
    tx: Transaction, send: Send, room: Room, reply: ReplyView | None, new: NewRows
) -> MessageView:
    """Give the message its place in the room, and note what is to be written and told."""
    sender, draft = send.sender, send.draft
    room.last_seq += 1
    message = MessageView(
        id=new_id(),
        room_id=draft.room_id,
        seq=room.last_seq,
        sender_id=sender.user_id,
        sender=PersonView(
            id=sender.user_id, username=sender.username, name=sender.name, avatar=sender.avatar
        ),
        receiver_id=_other(room.key, sender.user_id),
        content=draft.content,
        type=draft.type,
        attachment_url=None,
        client_id=draft.client_id,
        reply_to=reply,
        is_read=False,
        read_at=None,
        is_delivered=False,
        edited_at=None,
        deleted_at=None,
        created_at=new.now,
    )
    was_read = room.read[sender.user_id]
    new.answered(room, message, was_read)
    if was_read < message.seq - 1:
        # Posting counts as having read up to one's own message.
        tx.emit(
            MessageRead(
                room_id=draft.room_id,
                user_id=sender.user_id,
                last_read_seq=message.seq,
                unread_count=0,
                version=2 * message.seq + room.deleted_count,
                read_at=new.now,
                socket_id=send.socket_id,
            )
        )
    room.read[sender.user_id] = message.seq
    room.last, room.last_message_at = message, tx.now
    bells, rung = room.listeners.said(message) if room.listeners else ([], ())
    tx.emit(
        MessageSent(
            room_id=draft.room_id,
            message_id=message.id,
            message=message,
            bells=bells,
            rung=rung,
            crowd=room.crowd,
            socket_id=send.socket_id,
        )
    )
    return message


def _other(room: RoomKey, sender_id: str) -> str | None:
    return room.user2_id if room.user1_id == sender_id else room.user1_id
