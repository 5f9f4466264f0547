"""Surroundings: what was said just before and after a message that was found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select

from kabar.features.accounts.models import User
from kabar.features.chat.blocking.folding import not_folded
from kabar.features.chat.deleting.hiding import not_hidden
from kabar.features.chat.message_views import reply_view
from kabar.features.chat.models import Message
from kabar.features.chat.reactions import all_seen_by
from kabar.features.chat.schemas import MessageView, ReplyView
from kabar.features.chat.search.schemas import FoundView
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
    )
)


def shown(tx: Transaction, user_id: str, found: Sequence[Found]) -> list[FoundView]:
    """Return what was found as it is shown, between what was said before and after it."""
    if not found:
        return []
    places = {(each.message.room_id, each.message.seq) for each in found}
    beside = {(room_id, seq + step) for room_id, seq in places for step in (-1, 1)}
    around: dict[tuple[str, int], ReplyView] = {}
    for row in tx.execute(_SHORT, {"places": as_rows(beside), "user_id": user_id}):
        around[row.room_id, row.seq] = reply_view(
            message_id=row.id,
            seq=row.seq,
            sender_id=row.sender_id,
            sender_name=row.name,
            content=row.content,
            message_type=row.type,
            deleted_at=row.deleted_at,
        )
    messages = all_seen_by(tx, user_id, [each.message for each in found])
    return [
        _shown(message, each.highlights, around)
        for message, each in zip(messages, found, strict=True)
    ]


def _shown(
    message: MessageView,
    highlights: list[tuple[int, int]],
    around: dict[tuple[str, int], ReplyView],
) -> FoundView:
    fields = {name: getattr(message, name) for name in message.__struct_fields__}
    return FoundView(
        **fields,
        highlights=highlights,
        previous=around.get((message.room_id, message.seq - 1)),
        next=around.get((message.room_id, message.seq + 1)),
    )
