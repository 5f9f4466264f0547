"""What was said before: messages that are sent once more, and those that are answered."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, func, select

from kabar.features.accounts.models import User
from kabar.features.chat.lifetimes.judging import is_live
from kabar.features.chat.message_views import EVERY_MESSAGE, message_view, reply_view
from kabar.features.chat.models import Message
from kabar.features.chat.schemas import MessageView, ReplyView
from kabar.features.chat.sending.incoming import AnswerKey, SendKey
from kabar.infra.db import Transaction
from kabar.infra.db.joins import in_this_order
from kabar.infra.db.named_rows import NamedRow, columns_of
from kabar.infra.db.prepared import Prepared
from kabar.infra.db.rows import Rows, as_rows

_CLIENT_IDS = Rows("client_ids")
_SELECT_SEEN = Prepared(
    EVERY_MESSAGE.join(
        _CLIENT_IDS.table,
        and_(
            Message.room_id == _CLIENT_IDS.text(0),
            Message.sender_id == _CLIENT_IDS.text(1),
            Message.client_id == _CLIENT_IDS.text(2),
        ),
    )
)


def load_seen(tx: Transaction, keys: set[SendKey]) -> dict[SendKey, MessageView]:
    """Return what was sent before under the same client ids."""
    if not keys:
        return {}
    found = [message_view(row) for row in _SELECT_SEEN.rows(tx, {"client_ids": as_rows(keys)})]
    return {
        (message.room_id, message.sender_id, message.client_id or ""): message for message in found
    }


class _RepliedRow(NamedRow, frozen=True):
    room_id: str
    id: str
    thread_id: str
    seq: int
    sender_id: str
    sender_name: str
    content: str
    type: str
    deleted_at: datetime | None


_REPLIED = Rows("replied")
_SELECT_REPLIED = (
    select(
        *columns_of(
            _RepliedRow,
            room_id=Message.room_id,
            id=Message.id,
            thread_id=_REPLIED.text(2),
            seq=Message.seq,
            sender_id=Message.sender_id,
            sender_name=User.name,
            content=Message.content,
            type=Message.type,
            deleted_at=Message.deleted_at,
        )
    )
    .select_from(in_this_order(_REPLIED.table, Message, User))
    .where(
        Message.id == _REPLIED.text(1),
        Message.room_id == _REPLIED.text(0),
        User.id == Message.sender_id,
        # Nobody said a system message.
        Message.happening.is_(None),
        # In a thread one answers what was said there, or what it hangs on; in the room, what was
        # said in the room.
        _REPLIED.text(2).in_([func.coalesce(Message.thread_id, ""), Message.id]),
        is_live(),
    )
)


def load_replies(tx: Transaction, wanted: set[AnswerKey]) -> dict[AnswerKey, ReplyView]:
    """Return the messages that are answered, as far as they are there."""
    if not wanted:
        return {}
    found = [_RepliedRow(*row) for row in tx.execute(_SELECT_REPLIED, {"replied": as_rows(wanted)})]
    return {
        (row.room_id, row.id, row.thread_id): reply_view(
            message_id=row.id,
            seq=row.seq,
            sender_id=row.sender_id,
            sender_name=row.sender_name,
            content=row.content,
            message_type=row.type,
            deleted_at=row.deleted_at,
        )
        for row in found
    }
