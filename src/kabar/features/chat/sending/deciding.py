"""What is decided: who may say something, what was said before, and which number is whose."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from kabar.core.errors import KabarError
from kabar.core.ids import new_id
from kabar.features.accounts.signed_in import sign_in_first
from kabar.features.chat.errors import MessageNotFound, RoomNotFound
from kabar.features.chat.events import Recipient
from kabar.features.chat.models import RoomType
from kabar.features.chat.schemas import MessageView, PersonView, ReplyView
from kabar.features.chat.sending.incoming import Send, Sent
from kabar.features.chat.sending.reading import Known, Room
from kabar.infra.http.idempotency import IdempotencyKeyReused


class Said(msgspec.Struct, frozen=True):
    """A message that is new, with all that has to be written and told because of it."""

    message: MessageView
    is_direct: bool
    #: up to where its sender had read; posting counts as having read up to one's own message
    read_before: int
    #: whether there was something in between
    has_read_on: bool
    #: everybody else, with what they have not read now; nobody in a room too large for that
    recipients: list[Recipient]
    #: which socket said it
    socket_id: str | None


def decide(
    known: Known, sends: Sequence[Send], *, now: str
) -> tuple[list[Sent | KabarError], list[Said]]:
    """Return what each gets for an answer, and what is new, in order. No I/O.

    `known` changes as it goes on: the second message of a room comes after the first, and who
    sends twice under one client id, in one batch, gets the first message twice.
    """
    outcomes: list[Sent | KabarError] = []
    said: list[Said] = []
    for send in sends:
        room, key, answers = known.rooms.get(send.draft.room_id), send.key, send.answers
        if send.sender.proof in known.signed_out:
            outcomes.append(sign_in_first())
        elif room is None or send.sender.user_id not in room.read:
            outcomes.append(RoomNotFound())
        elif key is not None and key in known.seen:
            outcomes.append(_again(send, known.seen[key]))
        elif answers is not None and answers not in known.replies:
            outcomes.append(MessageNotFound("The message to reply to is not in this room."))
        else:
            new = _say(room, send, answers and known.replies[answers], now)
            said.append(new)
            if key is not None:
                known.seen[key] = new.message
            outcomes.append(Sent(new.message, is_new=True))
    return outcomes, said


def _again(send: Send, message: MessageView) -> Sent | KabarError:
    """Answer with the message that was sent first, if it is the same one."""
    reply_to_id = None if message.reply_to is None else message.reply_to.id
    sent, draft = (message.content, message.type, reply_to_id), send.draft
    # What it says may have been changed since, and then nobody knows what it said at first.
    is_as_sent = message.edited_at is None and message.deleted_at is None
    if send.is_keyed and is_as_sent and sent != (draft.content, draft.type, draft.reply_to_id):
        return IdempotencyKeyReused()
    return Sent(message, is_new=False)


def _say(room: Room, send: Send, reply: ReplyView | None, now: str) -> Said:
    """Give the message the next number of the room, and move its sender's position there."""
    sender, draft = send.sender, send.draft
    room.last_seq += 1
    read_before, _ = room.read[sender.user_id]
    room.read[sender.user_id] = (room.last_seq, 0)
    message = MessageView(
        id=new_id(),
        room_id=draft.room_id,
        seq=room.last_seq,
        sender_id=sender.user_id,
        sender=PersonView(
            id=sender.user_id, username=sender.username, name=sender.name, avatar=sender.avatar
        ),
        receiver_id=_other(room.user_ids, sender.user_id),
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
        created_at=now,
    )
    is_told = room.participants_count <= send.tell_at_most
    return Said(
        message=message,
        is_direct=room.type == RoomType.DIRECT,
        read_before=read_before,
        has_read_on=read_before < message.seq - 1,
        recipients=_recipients(room, message) if is_told else [],
        socket_id=send.socket_id,
    )


def _recipients(room: Room, message: MessageView) -> list[Recipient]:
    return [
        Recipient(user_id, message.seq - read - deleted, user_id in room.muted)
        for user_id, (read, deleted) in room.read.items()
        if user_id != message.sender_id
    ]


def _other(user_ids: tuple[str | None, str | None], sender_id: str) -> str | None:
    first, second = user_ids
    return second if first == sender_id else first
