"""What somebody said whose account was erased: removed by and by, if it is not to be kept."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from kabar.core.times import rfc3339
from kabar.features.accounts.events import AccountErased
from kabar.features.chat.audience import Audience
from kabar.features.chat.bell import Recipient
from kabar.features.chat.deleting.for_all import Gone, take_away
from kabar.features.chat.events import MessageDeleted
from kabar.features.chat.hearers import tell_if_last, who_had_not_read
from kabar.features.chat.marks import ErasedAuthor
from kabar.features.chat.message_views import MESSAGES, message_view
from kabar.features.chat.models import Message
from kabar.features.chat.queries import lock_room
from kabar.infra.db import Database, Transaction

#: found in one go, which reads all that somebody said in a room
_FOUND = 2000
#: removed in one transaction, for which others wait
_AT_ONCE = 100


def note_author(tx: Transaction, events: Sequence[AccountErased]) -> None:
    """Keep in mind whose messages are to go."""
    insert = postgresql.insert if tx.is_postgresql else sqlite.insert
    for user_id in sorted({event.user_id for event in events if event.removes_messages}):
        row = {"user_id": user_id, "erased_at": tx.now}
        tx.execute(insert(ErasedAuthor).values(row).on_conflict_do_nothing())


async def remove_what_erased_said(db: Database, audience: Audience) -> None:
    """Remove the messages of those who are to leave none. A process that dies leaves the rest to
    the next one, and of two that do it at once each finds what the other one did done."""
    while (author_id := await db.read(_next_author)) is not None:
        room_id = ""
        while found := await db.read(_said_by, author_id, room_id):
            room_id = found[-1].room_id
            for of_room, of_it in groupby(found, key=attrgetter("room_id")):
                ids = [row.id for row in of_it]
                for first in range(0, len(ids), _AT_ONCE):
                    some = ids[first : first + _AT_ONCE]
                    await db.write(_remove, of_room, some, audience)
        await db.write(_forget_author, author_id)


def _next_author(tx: Transaction) -> str | None:
    oldest = select(ErasedAuthor.user_id).order_by(ErasedAuthor.erased_at, ErasedAuthor.user_id)
    return tx.execute(oldest.limit(1)).scalar_one_or_none()


def _said_by(tx: Transaction, author_id: str, from_room: str) -> Sequence[Any]:
    # What a group tells of itself is the group's.
    return tx.execute(
        select(Message.room_id, Message.id)
        .where(
            Message.sender_id == author_id,
            Message.room_id >= from_room,
            Message.deleted_at.is_(None),
            Message.happening.is_(None),
        )
        .order_by(Message.room_id)
        .limit(_FOUND)
    ).all()


def _remove(tx: Transaction, room_id: str, ids: Sequence[str], audience: Audience) -> None:
    lock_room(tx, room_id)
    still = MESSAGES.where(Message.id.in_(ids), Message.deleted_at.is_(None)).order_by(Message.seq)
    messages = [message_view(row) for row in tx.execute(still)]
    if not messages:
        return
    take_away(tx, room_id, [Gone.of(each) for each in messages])
    unread: list[Recipient] = []
    newest = next((each for each in reversed(messages) if each.thread_id is None), None)
    if newest is not None:
        tell_if_last(tx, newest, None, audience, None)
        # Who has not read one of them has not read the newest one.
        unread = who_had_not_read(tx, newest, audience)
    for message in messages:
        tx.emit(
            MessageDeleted(
                room_id=room_id,
                message_id=message.id,
                seq=message.seq,
                by=message.sender_id,
                deleted_at=rfc3339(tx.now),
                unread=unread if message is newest else [],
                socket_id=None,
            )
        )


def _forget_author(tx: Transaction, author_id: str) -> None:
    tx.execute(delete(ErasedAuthor).where(ErasedAuthor.user_id == author_id))
