"""What is written when something is said that disappears; for what stays, nothing is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, or_, update

from kabar.features.chat.models import ChatRoom, Message
from kabar.infra.db import Transaction
from kabar.infra.db.base import UtcTime


class Expiring(NamedTuple):
    """A message that was said and disappears."""

    room_id: str
    message_id: str
    at: datetime


_AT = bindparam("at", type_=UtcTime())
_OF_MESSAGE = update(Message).where(Message.id == bindparam("message")).values(expires_at=_AT)
_OF_ROOM = update(ChatRoom).where(ChatRoom.id == bindparam("room")).values(last_expires_at=_AT)
_NEXT = (
    update(ChatRoom)
    .where(
        ChatRoom.id == bindparam("room"),
        or_(ChatRoom.next_expiry_at.is_(None), ChatRoom.next_expiry_at > _AT),
    )
    .values(next_expiry_at=_AT)
)


def note_expiring(tx: Transaction, said: Sequence[Expiring]) -> None:
    """Write when these messages disappear, which have just been written, in their order."""
    if not said:
        return
    tx.execute(_OF_MESSAGE, [{"message": each.message_id, "at": each.at} for each in said])
    last = {each.room_id: each.at for each in said}
    tx.execute(_OF_ROOM, [{"room": room_id, "at": at} for room_id, at in last.items()])
    for each in said:
        note_next(tx, each.room_id, each.at)


def note_next(tx: Transaction, room_id: str, at: datetime) -> None:
    """Have the room looked at when something in it disappears."""
    tx.execute(_NEXT, {"room": room_id, "at": at})
