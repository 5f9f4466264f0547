"""Replies that are deleted, for all or for oneself: what becomes of their thread?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import aliased

from kabar.core.times import rfc3339_or_none
from kabar.features.chat.models import Message
from kabar.features.chat.schemas import MessageView
from kabar.features.chat.threads.events import ThreadChanged, ThreadRead
from kabar.features.chat.threads.following import leave_thread
from kabar.features.chat.threads.schemas import ThreadView
from kabar.features.chat.threads.standings import thread_standings
from kabar.infra.db import Transaction


def note_deleted_replies(tx: Transaction, room_id: str, thread_ids: Iterable[str]) -> None:
    """Let these threads of a room, which is locked, have one reply less each time that they are
    named: it has just been deleted for all."""
    for thread_id, count in sorted(Counter(thread_ids).items()):
        for row in tx.execute(_ONE_LESS, {"thread": thread_id, "count": count}):
            thread = ThreadView(
                replies_count=row.replies_count, last_reply_at=rfc3339_or_none(row.last_reply_at)
            )
            tx.emit(
                ThreadChanged(
                    room_id=room_id, thread_id=thread_id, thread=thread, version=row.version
                )
            )


_LEFT = aliased(Message)
_ONE_LESS: Any = (
    update(Message)
    .where(Message.id == bindparam("thread"))
    .values(
        replies_count=Message.replies_count - bindparam("count"),
        last_reply_at=select(_LEFT.created_at)
        .where(_LEFT.thread_id == bindparam("thread"), _LEFT.deleted_at.is_(None))
        .order_by(_LEFT.seq.desc())
        .limit(1)
        .scalar_subquery(),
        version=Message.version + 1,
    )
    .returning(Message.replies_count, Message.last_reply_at, Message.version)
)


def note_hidden(
    tx: Transaction, message: MessageView, user_id: str, *, socket_id: str | None
) -> None:
    """Let somebody have less to read who has just deleted a message for themselves: of the thread
    that it was said in one reply, of that which hangs on it nothing any more."""
    if message.thread:
        leave_thread(tx, message.id, message.room_id, user_id)
    if message.thread_id is None:
        return
    standing = thread_standings(tx, [(message.thread_id, user_id)]).get(
        (message.thread_id, user_id)
    )
    if standing is not None and standing.is_following:
        tx.emit(
            ThreadRead(
                room_id=message.room_id,
                thread_id=message.thread_id,
                user_id=user_id,
                last_read_seq=standing.last_read_seq,
                unread_count=standing.unread_count,
                version=standing.version,
                read_at=None,
                is_told=False,
                socket_id=socket_id,
            )
        )
