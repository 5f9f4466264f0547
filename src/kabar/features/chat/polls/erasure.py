"""Erasure: what becomes of the votes of somebody whose account is erased."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from kabar.features.accounts.events import AccountErased
from kabar.features.accounts.queries import lock_erased
from kabar.features.chat.marks import Vote
from kabar.features.chat.models import Message
from kabar.features.chat.polls.events import PollVoted
from kabar.features.chat.polls.keeping import find_poll, keep_poll
from kabar.features.chat.polls.voting import vote_of, write_vote
from kabar.features.chat.queries import lock_room
from kabar.infra.db import Transaction

#: in one transaction, which keeps others from their rooms
_AT_ONCE = 50


def withdraw_votes(tx: Transaction, events: Sequence[AccountErased]) -> None:
    """What somebody chose goes with them, also where the poll is closed: counts are of votes."""
    for user_id in dict.fromkeys(event.user_id for event in events):
        _withdraw_votes(tx, user_id)


def _withdraw_votes(tx: Transaction, user_id: str) -> None:
    votes = tx.execute(
        select(Vote.message_id, Message.room_id, Message.seq)
        .join(Message, Message.id == Vote.message_id)
        .where(Vote.user_id == user_id)
        .order_by(Message.room_id, Message.seq)
        .limit(_AT_ONCE)
    ).all()
    for message_id, room_id, seq in votes:
        lock_room(tx, room_id)
        before, poll = vote_of(tx, message_id, user_id), find_poll(tx, message_id)
        write_vote(tx, message_id, user_id, [])
        if poll is None or not before:
            continue  # deleted meanwhile
        poll.count(before, [])
        tx.emit(
            PollVoted(
                room_id=room_id,
                message_id=message_id,
                seq=seq,
                poll=poll.view(tx.now),
                version=keep_poll(tx, message_id, poll),
                voter_id=user_id,
                chosen=[],
                socket_id=None,
            )
        )
    if len(votes) == _AT_ONCE:
        # There may be more.
        lock_erased(tx, user_id)
        tx.emit(AccountErased(user_id=user_id))
