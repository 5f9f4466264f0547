"""Pins that a dead process left untold: are they still there?"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace
from sqlalchemy import select

from kabar.core.events import Event
from kabar.core.times import rfc3339_or_none
from kabar.features.chat.models import Message
from kabar.features.chat.pins.events import MessagePinned, MessageUnpinned
from kabar.features.chat.queries import lock_room
from kabar.infra.db import Transaction
from kabar.infra.relay import Recall


def _recall(tx: Transaction, events: Sequence[MessagePinned | MessageUnpinned]) -> Sequence[Event]:
    """Of what was undone or deleted meanwhile, nothing."""
    still: list[Event] = []
    for event in events:
        lock_room(tx, event.room_id)
        message = tx.execute(
            select(Message.pinned_at, Message.version).where(
                Message.id == event.message_id, Message.deleted_at.is_(None)
            )
        ).one_or_none()
        if message is not None and (message.pinned_at is not None) == isinstance(
            event, MessagePinned
        ):
            at = rfc3339_or_none(message.pinned_at)
            still.append(replace(event, pinned_at=at, version=message.version))
    return still


RECALLS: dict[type[Event], Recall] = {MessagePinned: _recall, MessageUnpinned: _recall}
