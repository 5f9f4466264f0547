"""Lists of receipts: who has read a message, and who has it on a device."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Text, and_, bindparam, case, func, select

from kabar.core.times import rfc3339
from kabar.features.accounts.models import User
from kabar.features.chat.errors import RoomIsTooLarge
from kabar.features.chat.models import ChatParticipant
from kabar.features.chat.queries import require_message, require_place
from kabar.features.chat.receipts.marking import EVER_READ_SEQ, MOST_TOLD, silent_readers
from kabar.features.chat.receipts.schemas import Receipts, ReceiptView
from kabar.features.chat.schemas import PersonView
from kabar.features.chat.threads.models import ThreadFollower
from kabar.infra.db import Transaction
from kabar.infra.db.functions import greatest
from kabar.infra.db.named_rows import NamedRow, columns_of


class _Row(NamedRow, frozen=True):
    id: str
    username: str
    name: str
    avatar: str | None
    #: whether others hear what they read
    read_receipts: bool
    ever_read_seq: int
    #: of the newest that they read
    read_at: datetime | None
    delivered_at: datetime

    @property
    def person(self) -> PersonView:
        return PersonView(id=self.id, username=self.username, name=self.name, avatar=self.avatar)


_OF_THREAD = bindparam("thread", type_=Text())
#: what is said in a thread is read there
_READ_SEQ = case(
    (_OF_THREAD.is_(None), EVER_READ_SEQ),
    else_=func.coalesce(ThreadFollower.last_read_seq, 0),
)
_READ_AT = case(
    (_OF_THREAD.is_(None), ChatParticipant.last_read_at), else_=ThreadFollower.last_read_at
)
# Who joined later has the past on their device when they come.
_GOT: Any = (
    select(
        *columns_of(
            _Row,
            id=User.id,
            username=User.username,
            name=User.name,
            avatar=User.avatar,
            read_receipts=User.read_receipts,
            ever_read_seq=_READ_SEQ,
            read_at=_READ_AT,
            delivered_at=func.coalesce(
                ChatParticipant.delivered_at,
                ChatParticipant.last_read_at,
                ChatParticipant.joined_at,
            ),
        )
    )
    .join_from(ChatParticipant, User, User.id == ChatParticipant.user_id)
    .outerjoin(
        ThreadFollower,
        and_(
            ThreadFollower.thread_id == _OF_THREAD,
            ThreadFollower.user_id == ChatParticipant.user_id,
        ),
    )
    .where(
        ChatParticipant.room_id == bindparam("room"),
        ChatParticipant.user_id != bindparam("author"),
        greatest(EVER_READ_SEQ, ChatParticipant.delivered_seq) >= bindparam("seq"),
    )
    .order_by(ChatParticipant.joined_at, ChatParticipant.id)
)


def receipts_of(tx: Transaction, *, user_id: str, message_id: str) -> Receipts:
    """Return who has read a message and who has it. Who does not tell what they read is not told
    either. Raises `RoomIsTooLarge`."""
    message = require_message(tx, message_id, user_id)
    place = require_place(tx, message.room_id, user_id)
    if place.participants_count > MOST_TOLD:
        raise RoomIsTooLarge
    if place.is_closed:
        return Receipts(read=[], delivered=[])
    found = tx.execute(
        _GOT,
        {
            "room": message.room_id,
            "thread": message.thread_id,
            "author": message.sender_id,
            "seq": message.seq,
        },
    )
    rows = [_Row(*row) for row in found]
    sees_readers = not silent_readers(tx, [user_id])
    return Receipts(
        read=[
            ReceiptView(user=row.person, at=rfc3339(row.read_at))
            for row in rows
            if sees_readers
            and row.read_receipts
            and row.read_at is not None
            and row.ever_read_seq >= message.seq
        ],
        delivered=[ReceiptView(user=row.person, at=rfc3339(row.delivered_at)) for row in rows],
    )
