"""Voting: choosing in a poll, choosing something else, taking it back; and closing a poll."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, insert, select

from kabar.core.times import rfc3339
from kabar.features.accounts.identity import Identity
from kabar.features.chat.errors import (
    MessageIsDeleted,
    NotAPoll,
    NotYourMessage,
    PollIsClosed,
)
from kabar.features.chat.marks import Vote
from kabar.features.chat.polls.events import PollClosed, PollVoted
from kabar.features.chat.polls.keeping import find_poll, keep_poll
from kabar.features.chat.polls.kept import KeptPoll
from kabar.features.chat.queries import require_locked_message, require_open, require_place
from kabar.features.chat.schemas import MessageView
from kabar.features.chat.seen_by import as_seen_by
from kabar.infra.db import Transaction
from kabar.infra.http.field_errors import refuse


def vote(
    tx: Transaction,
    *,
    voter: Identity,
    message_id: str,
    option_ids: Sequence[str],
    socket_id: str | None,
) -> MessageView:
    """Choose in a poll, in place of what one chose before. The same twice is once."""
    message, poll = _require_poll(tx, message_id, voter.user_id)
    chosen = _chosen(poll, option_ids)
    before = vote_of(tx, message_id, voter.user_id)
    if chosen == before:
        return as_seen_by(tx, voter.user_id, message)
    if poll.is_closed(tx.now):
        raise PollIsClosed

    write_vote(tx, message_id, voter.user_id, chosen)
    poll.count(before, chosen)
    version = keep_poll(tx, message_id, poll)
    tx.emit(
        PollVoted(
            room_id=message.room_id,
            message_id=message_id,
            seq=message.seq,
            poll=poll.view(tx.now),
            version=version,
            voter_id=voter.user_id,
            chosen=chosen,
            socket_id=socket_id,
        )
    )
    return as_seen_by(tx, voter.user_id, require_locked_message(tx, message_id, voter.user_id))


def close_poll(
    tx: Transaction, *, caller: Identity, message_id: str, socket_id: str | None
) -> MessageView:
    """Take no more votes: its author, before the time or where there is none. Twice is once."""
    message, poll = _require_poll(tx, message_id, caller.user_id)
    if message.sender_id != caller.user_id:
        raise NotYourMessage
    if poll.is_closed(tx.now):
        return as_seen_by(tx, caller.user_id, message)

    poll.closed_at = rfc3339(tx.now)
    version = keep_poll(tx, message_id, poll)
    tx.emit(
        PollClosed(
            room_id=message.room_id,
            message_id=message_id,
            seq=message.seq,
            poll=poll.view(tx.now),
            version=version,
            socket_id=socket_id,
        )
    )
    return as_seen_by(tx, caller.user_id, require_locked_message(tx, message_id, caller.user_id))


def _require_poll(tx: Transaction, message_id: str, user_id: str) -> tuple[MessageView, KeptPoll]:
    message = require_locked_message(tx, message_id, user_id)
    if message.deleted_at is not None:
        raise MessageIsDeleted
    poll = find_poll(tx, message_id)
    if poll is None:
        raise NotAPoll
    require_open(require_place(tx, message.room_id, user_id))
    return message, poll


def _chosen(poll: KeptPoll, option_ids: Sequence[str]) -> list[str]:
    """Return what is chosen, in the order of the poll."""
    if set(option_ids) - set(poll.option_ids):
        raise refuse("optionIds", "Must be ids of this poll's options.")
    chosen = [option_id for option_id in poll.option_ids if option_id in option_ids]
    if len(chosen) > 1 and not poll.multiple:
        raise refuse("optionIds", "In this poll one may choose one option.")
    return chosen


def vote_of(tx: Transaction, message_id: str, user_id: str) -> list[str]:
    """Return what somebody has chosen."""
    chosen = tx.execute(
        select(Vote.option_ids).where(Vote.message_id == message_id, Vote.user_id == user_id)
    ).scalar_one_or_none()
    return [] if chosen is None else chosen.split()


def write_vote(tx: Transaction, message_id: str, user_id: str, chosen: Sequence[str]) -> None:
    """Write what somebody chooses, in place of what they chose before."""
    tx.execute(delete(Vote).where(Vote.message_id == message_id, Vote.user_id == user_id))
    if chosen:
        tx.execute(
            insert(Vote).values(
                message_id=message_id,
                user_id=user_id,
                option_ids=" ".join(chosen),
                voted_at=tx.now,
            )
        )
