"""Reading a thread: up to a reply, or all of it; never back."""

from __future__ import annotations

from sqlalchemy import select, update

from kabar.core.times import rfc3339
from kabar.features.chat.errors import MessageNotFound
from kabar.features.chat.models import Message, RoomType
from kabar.features.chat.queries import lock_room, require_place
from kabar.features.chat.receipts.marking import tells_others
from kabar.features.chat.schemas import ReadState
from kabar.features.chat.threads.events import ThreadRead
from kabar.features.chat.threads.following import Follower, move
from kabar.features.chat.threads.roots import Root, require_root
from kabar.features.chat.threads.standings import thread_standings
from kabar.infra.db import Transaction


def mark_thread_as_read(
    tx: Transaction,
    *,
    user_id: str,
    room_id: str,
    thread_id: str,
    message_id: str | None,
    socket_id: str | None,
) -> ReadState:
    """Remember how far somebody has read a thread. Reading it does not make them follow it."""
    lock_room(tx, room_id)
    place = require_place(tx, room_id, user_id)
    root = require_root(tx, room_id, thread_id)
    seq, number = _place_of(tx, root, message_id)
    is_told = tells_others(tx, place)
    standing = thread_standings(tx, [(thread_id, user_id)])[thread_id, user_id]
    if place.room_type == RoomType.DIRECT and not place.is_closed:
        _mark_replies(tx, user_id, thread_id, standing.last_read_seq, seq, is_told=is_told)
    if standing.is_following and seq > standing.last_read_seq:
        move(tx, [Follower(thread_id, user_id, room_id, seq, number)])
        standing = thread_standings(tx, [(thread_id, user_id)])[thread_id, user_id]
        tx.emit(
            ThreadRead(
                room_id=room_id,
                thread_id=thread_id,
                user_id=user_id,
                last_read_seq=seq,
                unread_count=standing.unread_count,
                version=standing.version,
                read_at=rfc3339(tx.now),
                is_told=is_told,
                socket_id=socket_id,
            )
        )
    return ReadState(
        room_id=room_id,
        thread_id=thread_id,
        last_read_seq=standing.last_read_seq,
        unread_count=standing.unread_count,
        version=standing.version,
    )


def _place_of(tx: Transaction, root: Root, message_id: str | None) -> tuple[int, int]:
    """Return the numbers of a reply in the room and in the thread; None: of the newest."""
    replies = select(Message.seq, Message.thread_number).where(Message.thread_id == root.id)
    if message_id is None:
        newest = tx.execute(replies.order_by(Message.seq.desc()).limit(1)).one_or_none()
        return (root.seq, 0) if newest is None else (newest.seq, newest.thread_number)
    if message_id == root.id:
        return root.seq, 0
    reply = tx.execute(replies.where(Message.id == message_id)).one_or_none()
    if reply is None:
        raise MessageNotFound
    return reply.seq, reply.thread_number


def _mark_replies(
    tx: Transaction, user_id: str, thread_id: str, after: int, seq: int, *, is_told: bool
) -> None:
    """In direct rooms, what the other one said there has been read, and is on a device."""
    told = {"is_read": True, "read_at": tx.now} if is_told else {}
    tx.execute(
        update(Message)
        .where(
            Message.thread_id == thread_id,
            Message.seq > after,
            Message.seq <= seq,
            Message.sender_id != user_id,
            Message.is_read.is_(False),
        )
        .values(is_delivered=True, **told)
    )
