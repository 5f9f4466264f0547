"""Sweeping up: what has disappeared is emptied soon after, some at a time, and told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, update

from kabar.features.chat.audience import Audience
from kabar.features.chat.deleting.for_all import Gone, take_away
from kabar.features.chat.hearers import forget_last_words, recounted
from kabar.features.chat.lifetimes.events import MessagesExpired
from kabar.features.chat.lifetimes.judging import JUDGED_AT
from kabar.features.chat.models import ChatRoom, Message
from kabar.features.chat.queries import lock_room
from kabar.infra.db import Database, Transaction

#: in one transaction, for which others wait
_AT_ONCE = 100
_ROOMS_AT_ONCE = 50


async def sweep_up(db: Database, audience: Audience) -> None:
    """Empty all that has disappeared. Nobody sees it any more, whenever this is done."""
    while rooms := await db.read(_due):
        for room_id in rooms:
            await db.write(sweep_room, room_id, audience)


def _due(tx: Transaction) -> list[str]:
    due = select(ChatRoom.id).where(ChatRoom.next_expiry_at <= JUDGED_AT)
    return list(tx.execute(due.order_by(ChatRoom.next_expiry_at).limit(_ROOMS_AT_ONCE)).scalars())


def sweep_room(tx: Transaction, room_id: str, audience: Audience) -> None:
    """Empty some of what has disappeared in a room, and say when it is to be looked at again."""
    lock_room(tx, room_id)
    waiting = (
        Message.room_id == room_id,
        Message.expires_at.is_not(None),
        Message.deleted_at.is_(None),
    )
    found = select(
        Message.id,
        Message.seq,
        or_(Message.attachments.is_not(None), Message.link_previews.is_not(None)).label(
            "has_files"
        ),
        Message.poll.is_not(None).label("has_poll"),
        Message.thread_id,
        Message.happening.is_(None).label("is_counted"),
    ).where(*waiting, Message.expires_at <= tx.now)
    found = found.order_by(Message.expires_at, Message.seq).limit(_AT_ONCE)
    gone = [Gone(*row) for row in tx.execute(found)]
    if gone:
        take_away(tx, room_id, gone)
        _extend_run(tx, room_id, min(each.seq for each in gone))
    soonest = select(func.min(Message.expires_at)).where(*waiting).scalar_subquery()
    tx.execute(update(ChatRoom).where(ChatRoom.id == room_id).values(next_expiry_at=soonest))
    if gone:
        _tell(tx, room_id, sorted(each.seq for each in gone), audience)


def _extend_run(tx: Transaction, room_id: str, lowest: int) -> None:
    """Note which messages one after the other are gone: after those that were, or else anew.

    What disappears does so in the order in which it was said, so there is one such run, mostly;
    what lies in an older one is looked at again by who reads that far back.
    """
    room = tx.execute(
        select(ChatRoom.gone_from, ChatRoom.gone_to, ChatRoom.last_seq).where(
            ChatRoom.id == room_id
        )
    ).one()
    first, last = room.gone_from, _end_of_run(tx, room_id, room.gone_to, room.last_seq)
    if not first or last < lowest:
        first, last = lowest, _end_of_run(tx, room_id, lowest, room.last_seq)
    run = {"gone_from": first, "gone_to": last}
    tx.execute(update(ChatRoom).where(ChatRoom.id == room_id).values(**run))


def _end_of_run(tx: Transaction, room_id: str, after: int, last_seq: int) -> int:
    """Return up to where all is gone after a number."""
    stays: ColumnElement[bool] = (Message.expires_at.is_(None)) | (Message.expires_at > tx.now)
    next_one = select(Message.seq).where(Message.room_id == room_id, Message.seq > after, stays)
    found = tx.execute(next_one.order_by(Message.seq).limit(1)).scalar()
    return last_seq if found is None else int(found) - 1


def _tell(tx: Transaction, room_id: str, seqs: Sequence[int], audience: Audience) -> None:
    forget_last_words(tx, room_id, seqs, audience)
    unread: Any = recounted(tx, room_id, seqs[-1], audience)
    tx.emit(MessagesExpired(room_id=room_id, seqs=[*seqs], unread=unread))
