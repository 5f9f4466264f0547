"""Reactions that a dead process left untold: are they still there, and how many are there now?"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from sqlalchemy import select

from kabar.core.events import Event
from kabar.features.chat.marks import Reaction
from kabar.features.chat.message_views import read_counts
from kabar.features.chat.models import Message
from kabar.features.chat.queries import lock_room
from kabar.features.chat.reactions.events import ReactionAdded, ReactionRemoved
from kabar.infra.db import Transaction
from kabar.infra.relay import Recall


def _recall(tx: Transaction, events: Sequence[ReactionAdded | ReactionRemoved]) -> Sequence[Event]:
    """Of what was undone or deleted meanwhile, nothing."""
    still: list[Event] = []
    for event in events:
        lock_room(tx, event.room_id)
        message = tx.execute(
            select(Message.reactions, Message.version).where(
                Message.id == event.message_id, Message.deleted_at.is_(None)
            )
        ).one_or_none()
        is_there = tx.execute(
            select(Reaction.id).where(
                Reaction.message_id == event.message_id,
                Reaction.user_id == event.user_id,
                Reaction.emoji == event.emoji,
            )
        ).one_or_none()
        if message is not None and (is_there is not None) == isinstance(event, ReactionAdded):
            still.append(
                msgspec.structs.replace(
                    event, reactions=read_counts(message.reactions), version=message.version
                )
            )
    return still


RECALLS: dict[type[Event], Recall] = {ReactionAdded: _recall, ReactionRemoved: _recall}
