"""Surroundings: what was said just before and after a message that was found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import aliased

from kabar.features.accounts.models import User
from kabar.features.chat.blocking.folding import not_folded
from kabar.features.chat.deleting.hiding import not_hidden
from kabar.features.chat.lifetimes.judging import is_live
from kabar.features.chat.message_views import reply_view
from kabar.features.chat.models import Message
from kabar.features.chat.schemas import MessageView, ReplyView
from kabar.features.chat.search.schemas import FoundView
from kabar.features.chat.seen_by import all_seen_by
from kabar.infra.db import Transaction
from kabar.infra.db.joins import in_this_order
from kabar.infra.db.rows import Rows, as_rows


class Found(NamedTuple):
    """A message that matches, and where."""

    message: MessageView
    highlights: list[tuple[int, int]]


_PLACES = Rows("places")
_SHORT: Any = (
    select(
        Message.room_id,
        Message.seq,
        Message.id,
        Message.sender_id,
        User.name,
        Message.content,
        Message.type,
        Message.deleted_at,
    )
    .select_from(in_this_order(_PLACES.table, Message, User))
    .where(
        Message.room_id == _PLACES.text(0),
        Message.seq == _PLACES.integer(1),
        User.id == Message.sender_id,
        not_hidden(bindparam("user_id"), Message.room_id, Message.seq),
        not_folded(bindparam("user_id"), Message.sender_id),
        is_live(),
    )
)


_SAID = aliased(Message)


def _beside(*, in_thread: bool, is_before: bool) -> Any:
    """The number of what was said just before or after, in the same thread or in the room."""
    seq = _PLACES.integer(1)
    same = (
        _SAID.thread_id == _PLACES.text(2)
        if in_thread
        else and_(_SAID.room_id == _PLACES.text(0), _SAID.thread_id.is_(None))
    )
    return (
        select(_SAID.seq)
        .where(same, _SAID.seq < seq if is_before else _SAID.seq > seq)
        .order_by(_SAID.seq.desc() if is_before else _SAID.seq)
        .limit(1)
        .correlate(_PLACES.table)
        .scalar_subquery()
    )


#: of places in threads (True), and in rooms
_BESIDE: dict[bool, Any] = {
    in_thread: select(
        _PLACES.text(0),
        _PLACES.integer(1),
        _beside(in_thread=in_thread, is_before=True),
        _beside(in_thread=in_thread, is_before=False),
    ).select_from(_PLACES.table)
    for in_thread in (False, True)
}

#: a message by room and number
Place = tuple[str, int]


def shown(tx: Transaction, user_id: str, found: Sequence[Found]) -> list[FoundView]:
    """Return what was found as it is shown, between what was said before and after it."""
    if not found:
        return []
    messages = all_seen_by(tx, user_id, [each.message for each in found])
    beside = _find_beside(tx, messages)
    places = {(room_id, seq) for (room_id, _), both in beside.items() for seq in both if seq}
    around: dict[Place, ReplyView] = {}
    for row in tx.execute(_SHORT, {"places": as_rows(places), "user_id": user_id}):
        around[row.room_id, row.seq] = reply_view(
            message_id=row.id,
            seq=row.seq,
            sender_id=row.sender_id,
            sender_name=row.name,
            content=row.content,
            message_type=row.type,
            deleted_at=row.deleted_at,
        )
    return [
        _shown(message, each.highlights, beside[message.room_id, message.seq], around)
        for message, each in zip(messages, found, strict=True)
    ]


def _find_beside(
    tx: Transaction, messages: Sequence[MessageView]
) -> dict[Place, tuple[int | None, int | None]]:
    """Return, by the places of messages, the numbers of what was said just before and after."""
    found: dict[Place, tuple[int | None, int | None]] = {}
    for in_thread, statement in _BESIDE.items():
        rows = as_rows(
            (message.room_id, message.seq, message.thread_id)
            for message in messages
            if (message.thread_id is not None) == in_thread
        )
        if rows:
            for room_id, seq, before, after in tx.execute(statement, {"places": rows}):
                found[room_id, seq] = (before, after)
    return found


def _shown(
    message: MessageView,
    highlights: list[tuple[int, int]],
    beside: tuple[int | None, int | None],
    around: dict[Place, ReplyView],
) -> FoundView:
    before, after = (around.get((message.room_id, seq or 0)) for seq in beside)
    fields = {name: getattr(message, name) for name in message.__struct_fields__}
    return FoundView(**fields, highlights=highlights, previous=before, next=after)
