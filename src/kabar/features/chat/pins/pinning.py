"""Pinning: both people of a direct room, and who runs a group. Each of it twice is once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update

from kabar.core.errors import Conflict
from kabar.core.times import rfc3339_or_none
from kabar.features.accounts.identity import Identity
from kabar.features.chat.deleting.hiding import not_hidden
from kabar.features.chat.errors import MessageIsDeleted
from kabar.features.chat.message_views import MESSAGES, message_view
from kabar.features.chat.models import Message, RoomType
from kabar.features.chat.permissions import Act, require_may
from kabar.features.chat.pins.events import MessagePinned, MessageUnpinned
from kabar.features.chat.pins.schemas import PinsView
from kabar.features.chat.queries import (
    require_locked_message,
    require_message,
    require_open,
    require_place,
)
from kabar.features.chat.schemas import MessageView
from kabar.features.chat.seen_by import all_seen_by, as_seen_by
from kabar.infra.db import Transaction

#: in a room: a list of them is one answer
MOST_PINS = 50


class TooManyPins(Conflict):
    """This room already has the most pinned messages it may have. Unpin one first."""


def pin(
    tx: Transaction, *, pinner: Identity, message_id: str, socket_id: str | None
) -> MessageView:
    """Pin a message."""
    message = _require_message(tx, pinner.user_id, message_id)
    if message.deleted_at is not None:
        raise MessageIsDeleted
    if message.pinned_at is not None:
        return as_seen_by(tx, pinner.user_id, message)
    pinned = select(func.count()).where(
        Message.room_id == message.room_id, Message.pinned_at.is_not(None)
    )
    if tx.execute(pinned).scalar_one() >= MOST_PINS:
        raise TooManyPins

    _set(tx, message_id, tx.now)
    tx.emit(MessagePinned.by(pinner, message, rfc3339_or_none(tx.now), socket_id))
    return as_seen_by(tx, pinner.user_id, require_message(tx, message_id, pinner.user_id))


def unpin(
    tx: Transaction, *, pinner: Identity, message_id: str, socket_id: str | None
) -> MessageView:
    """Take a pin away."""
    message = _require_message(tx, pinner.user_id, message_id)
    if message.pinned_at is None:
        return as_seen_by(tx, pinner.user_id, message)

    _set(tx, message_id, None)
    tx.emit(MessageUnpinned.by(pinner, message, None, socket_id))
    return as_seen_by(tx, pinner.user_id, require_message(tx, message_id, pinner.user_id))


def pins_of(tx: Transaction, *, user_id: str, room_id: str) -> PinsView:
    """Return what is pinned in one of the caller's rooms, what was pinned last first."""
    require_place(tx, room_id, user_id)
    pinned = _PINNED.where(
        Message.room_id == room_id, not_hidden(user_id, Message.room_id, Message.seq)
    )
    found = [message_view(row) for row in tx.execute(pinned)]
    return PinsView(messages=all_seen_by(tx, user_id, found))


_PINNED: Any = MESSAGES.where(Message.pinned_at.is_not(None)).order_by(
    Message.pinned_at.desc(), Message.seq.desc()
)


def _require_message(tx: Transaction, user_id: str, message_id: str) -> MessageView:
    """Return a message that the caller may pin."""
    message = require_locked_message(tx, message_id, user_id)
    place = require_place(tx, message.room_id, user_id)
    require_open(place)
    if place.room_type != RoomType.DIRECT:
        require_may(place, Act.PIN)
    return message


def _set(tx: Transaction, message_id: str, at: datetime | None) -> None:
    tx.execute(
        update(Message)
        .where(Message.id == message_id)
        .values(pinned_at=at, version=Message.version + 1)
    )
