"""Quiet: messages that make no entry in somebody's bell, by whom they mute or block."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    ColumnElement,
    bindparam,
    case,
    exists,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from kabar.features.chat.blocking.folding import Stand, count_said, is_between, said_after
from kabar.features.chat.deleting.hiding import gone_after, not_hidden
from kabar.features.chat.lifetimes.judging import is_live
from kabar.features.chat.mine.quiet import IS_QUIETED
from kabar.features.chat.models import ChatParticipant, ChatRoom, Message
from kabar.features.follows.models import Mute
from kabar.features.follows.quiet import lasts
from kabar.infra.db import Transaction

# As of folding: only where `mutes_some` is set is anything of this looked at.

#: whether anything of a room may be quiet to its participant
QUIETS_SOME: ColumnElement[bool] = or_(ChatParticipant.folds_some, ChatParticipant.mutes_some)


def _is_quiet_between(user_id: Any, sender_id: Any) -> ColumnElement[bool]:
    mute = aliased(Mute)
    mutes = (
        exists()
        .where(mute.muter_id == user_id, mute.muted_id == sender_id, lasts(mute))
        .correlate_except(mute)
    )
    return or_(is_between(user_id, sender_id), mutes)


def is_quiet(message: Any) -> ColumnElement[bool]:
    """Whether somebody said it whom the participant blocks or mutes."""
    return _is_quiet_between(ChatParticipant.user_id, message.sender_id)


def unheard_after(seq: Any) -> ColumnElement[int]:
    """Count what after a position is not new to the participant: deleted, or quiet."""
    message = aliased(Message)
    quiet = (
        select(func.count())
        .where(
            message.room_id == ChatRoom.id,
            message.seq > seq,
            message.deleted_at.is_(None),
            is_live(message),
            message.happening.is_(None),
            message.thread_id.is_(None),
            # What they deleted for themselves is counted there.
            not_hidden(ChatParticipant.user_id, message.room_id, message.seq),
            is_quiet(message),
        )
        .correlate_except(message)
        .scalar_subquery()
    )
    return gone_after(seq) + case((QUIETS_SOME, quiet), else_=literal_column("0"))


_QUIET_AFTER = said_after(_is_quiet_between)


def quiet_after(tx: Transaction, stands: Iterable[Stand]) -> dict[Stand, int]:
    """Count, for each of these, what is quiet to that person after that position."""
    return count_said(tx, _QUIET_AFTER, stands)


def _somewhere(mark: Any) -> ColumnElement[bool]:
    return exists().where(ChatParticipant.user_id == bindparam("user"), mark)


_QUIETS = select(
    or_(
        _somewhere(ChatParticipant.folds_some),
        _somewhere(ChatParticipant.mutes_some),
        _somewhere(IS_QUIETED),
    )
)


def quiets_somewhere(tx: Transaction, user_id: str) -> bool:
    """Whether there is a room in which not everything may be told this user: nearly never."""
    return bool(tx.execute(_QUIETS, {"user": user_id}).scalar_one())
