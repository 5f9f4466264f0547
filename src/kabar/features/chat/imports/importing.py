"""Imports: messages that were said elsewhere, and what their room shows when they are there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any

from sqlalchemy import case, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from kabar.core.errors import Conflict, Invalid
from kabar.core.times import CLOCK_TOLERANCE
from kabar.features.accounts.models import User
from kabar.features.chat.errors import RoomNotFound
from kabar.features.chat.imports.schemas import ImportedMessage, ImportResult
from kabar.features.chat.models import ChatParticipant, ChatRoom, Message, RoomType
from kabar.features.chat.queries import lock_room
from kabar.features.chat.text import preview, require_content
from kabar.features.chat.threads.importing import settle_replies
from kabar.features.chat.threads.roots import load_roots
from kabar.infra.db import Transaction
from kabar.infra.db.rows import Rows, as_rows
from kabar.infra.http.field_errors import refuse


def import_messages(
    tx: Transaction, *, room_id: str, messages: Sequence[ImportedMessage], max_characters: int
) -> ImportResult:
    """Write messages that were said elsewhere, behind what is in the room.

    Those whose id is there already stay as they are. What is new may not be older than what stands
    before it: numbers and times go the same way.
    """
    lock_room(tx, room_id)
    room = tx.execute(_ROOM.where(ChatRoom.id == room_id)).first()
    if room is None:
        raise RoomNotFound
    known = _known(tx, room_id, [message.id for message in messages])
    new = {
        message.id: (number, message)
        for number, message in reversed([*enumerate(messages)])
        if message.id not in known
    }
    rows: list[dict[str, Any]] = []
    at, is_direct = room.last_message_at, room.type == RoomType.DIRECT
    senders = _senders(tx, room, [message.sender_id for _, message in new.values()])
    for number, message in sorted(new.values(), key=itemgetter(0)):
        where = f"messages[{number}]"
        if message.sender_id not in senders:
            raise refuse(f"{where}.senderId", "There is no such user, or not in this room.")
        if message.created_at > tx.now + CLOCK_TOLERANCE:
            raise refuse(f"{where}.createdAt", "Must not be in the future.")
        if at is not None and _cut(message.created_at) < at:
            raise refuse(f"{where}.createdAt", "Must not be before the message before it.")
        at = _cut(message.created_at)
        rows.append(
            {
                "id": message.id,
                "room_id": room_id,
                "seq": room.last_seq + len(rows) + 1,
                "sender_id": message.sender_id,
                "receiver_id": _other(room, message.sender_id),
                "content": _content(where, message.content, max_characters),
                "type": message.type,
                "reply_to_id": message.reply_to_id,
                "thread_id": message.thread_id,
                "is_read": is_direct,
                "is_delivered": is_direct,
                "read_at": message.created_at if is_direct else None,
                "edited_at": message.edited_at,
                "created_at": message.created_at,
            }
        )
    _require_replies(tx, room_id, [message for _, message in new.values()])
    _require_threads(tx, room_id, [*new.values()])
    if rows:
        try:
            with tx.connection.begin_nested():
                tx.execute(insert(Message), rows)
        except IntegrityError:
            # Another room got one of the ids at this moment.
            raise Conflict from None
        settle_room(tx, room_id)
    return ImportResult(
        new=len(rows), known=len(messages) - len(rows), last_seq=room.last_seq + len(rows)
    )


_ROOM: Any = select(
    ChatRoom.type, ChatRoom.user1_id, ChatRoom.user2_id, ChatRoom.last_seq, ChatRoom.last_message_at
)
_IDS = Rows("ids")
_THESE = select(_IDS.text(0)).select_from(_IDS.table)


def _known(tx: Transaction, room_id: str, ids: Sequence[str]) -> set[str]:
    """Return those that are there already. An id in another room is somebody else's."""
    found = tx.execute(
        select(Message.id, Message.room_id).where(Message.id.in_(_THESE)), _these(ids)
    ).all()
    if foreign := {message_id for message_id, there in found if there != room_id}:
        number = next(number for number, each in enumerate(ids) if each in foreign)
        raise refuse(f"messages[{number}].id", "A message of another room has this id.")
    return {message_id for message_id, _ in found}


def _senders(tx: Transaction, room: Any, ids: Sequence[str]) -> set[str]:
    """Return those who may have said something: in a group also who is not there any more."""
    there = select(User.id).where(User.id.in_(_THESE), User.erased_at.is_(None))
    users = set(tx.execute(there, _these(ids)).scalars())
    return users & {room.user1_id, room.user2_id} if room.type == RoomType.DIRECT else users


def _require_replies(tx: Transaction, room_id: str, messages: Sequence[ImportedMessage]) -> None:
    """Raise if one answers what is not in the room, with what is written now."""
    answered = {each.reply_to_id for each in messages if each.reply_to_id is not None}
    older = answered - {each.id for each in messages}
    if older - _known(tx, room_id, sorted(older)):
        raise refuse("messages", "One answers a message that is not in this room.")


def _require_threads(
    tx: Transaction, room_id: str, messages: Sequence[tuple[int, ImportedMessage]]
) -> None:
    """Raise if one hangs on what is not in the room, before it, or is itself said in a thread."""
    wanted = {each.thread_id for _, each in messages if each.thread_id is not None}
    roots = load_roots(tx, {(room_id, thread_id) for thread_id in wanted}).values()
    there = {root.id for root in roots if root.thread_id is None}
    for number, message in sorted(messages, key=itemgetter(0)):
        if message.thread_id is None:
            there.add(message.id)
        elif message.thread_id not in there:
            where = f"messages[{number}].threadId"
            raise refuse(where, "There is no such message before it in this room.")


def _these(ids: Iterable[str]) -> dict[str, list[str]]:
    return {"ids": as_rows((each,) for each in ids)}


def _other(room: Any, sender_id: str) -> str | None:
    if room.type != RoomType.DIRECT:
        return None
    other: str | None = room.user2_id if room.user1_id == sender_id else room.user1_id
    return other


def _content(where: str, content: str, max_characters: int) -> str:
    try:
        return require_content(content, max_characters=max_characters)
    except Invalid as refusal:
        raise refuse(f"{where}.content", refusal.errors[0].message) from None


def _cut(time: datetime) -> datetime:
    """Return a time to the millisecond, as both databases keep it."""
    return time.replace(microsecond=time.microsecond // 1000 * 1000)


def settle_room(tx: Transaction, room_id: str) -> None:
    """Let a room show what was written into it. Who had read all that was there has read all of
    this: it was said before they came here."""
    lock_room(tx, room_id)
    before = tx.execute(select(ChatRoom.last_seq).where(ChatRoom.id == room_id)).scalar_one()
    settle_replies(tx, room_id, before)
    last = tx.execute(
        select(Message.seq, Message.content, Message.created_at)
        .where(Message.room_id == room_id, Message.thread_id.is_(None))
        .order_by(Message.seq.desc())
        .limit(1)
    ).first()
    seq = tx.execute(
        select(func.coalesce(func.max(Message.seq), 0)).where(Message.room_id == room_id)
    ).scalar_one()
    participants = select(func.count()).where(ChatParticipant.room_id == room_id)
    tx.execute(
        update(ChatRoom)
        .where(ChatRoom.id == room_id)
        .values(
            last_seq=seq,
            last_message=None if last is None else preview(last.content),
            last_message_at=None if last is None else last.created_at,
            participants_count=participants.scalar_subquery(),
            participants_version=ChatRoom.participants_version + 1,
        )
    )
    if seq > before:
        tx.execute(
            update(ChatParticipant)
            .where(ChatParticipant.room_id == room_id)
            .values(
                last_read_seq=case(
                    (ChatParticipant.last_read_seq == before, seq),
                    else_=ChatParticipant.last_read_seq,
                )
            )
        )
