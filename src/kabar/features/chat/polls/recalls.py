"""Votes that a dead process left untold: how does the poll stand now?"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace
from sqlalchemy import select

from kabar.core.events import Event
from kabar.features.chat.models import Message
from kabar.features.chat.polls.events import PollClosed, PollVoted
from kabar.features.chat.polls.kept import read_poll
from kabar.features.chat.polls.voting import vote_of
from kabar.features.chat.queries import lock_room
from kabar.infra.db import Transaction
from kabar.infra.relay import Recall


def _recall(tx: Transaction, events: Sequence[PollVoted | PollClosed]) -> Sequence[Event]:
    """Of one that is deleted by now, nothing."""
    still: list[Event] = []
    for event in events:
        lock_room(tx, event.room_id)
        message = tx.execute(
            select(Message.poll, Message.version).where(
                Message.id == event.message_id, Message.poll.is_not(None)
            )
        ).one_or_none()
        if message is None:
            continue
        now = replace(event, poll=read_poll(message.poll).view(tx.now), version=message.version)
        if isinstance(now, PollVoted):
            now = replace(now, chosen=vote_of(tx, now.message_id, now.voter_id))
        still.append(now)
    return still


RECALLS: dict[type[Event], Recall] = {PollVoted: _recall, PollClosed: _recall}
