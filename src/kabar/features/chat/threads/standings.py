"""Standings: what those who follow threads have not read there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import Integer, and_, case, exists, func, literal, select
from sqlalchemy.orm import aliased

from kabar.features.chat.deleting.hiding import not_hidden
from kabar.features.chat.lifetimes.judging import JUDGED_AT, is_live, is_over
from kabar.features.chat.marks import Hidden
from kabar.features.chat.models import ChatParticipant, ChatRoom, Message
from kabar.features.chat.threads.models import ThreadFollower
from kabar.features.follows.models import Block
from kabar.infra.db import Transaction
from kabar.infra.db.joins import in_this_order
from kabar.infra.db.rows import Rows, as_rows

#: a thread, and somebody in its room
Pair = tuple[str, str]


class ThreadStanding(NamedTuple):
    """How far somebody has read a thread; who does not follow it has nothing to read there."""

    is_following: bool
    last_read_seq: int
    unread_count: int
    #: of two counts of one thread and person, the one with the larger version is the newer one
    version: int
    #: whether they block anybody who writes there
    folds_some: bool


_PAIRS = Rows("pairs")
_ROOT = aliased(Message)
_REPLY = aliased(Message)
_AFTER = (_REPLY.thread_id == _ROOT.id, _REPLY.seq > ThreadFollower.last_read_seq)
#: replies have numbers of their own in their thread, so nobody counts those that are not read
_DELETED: Any = case(
    (
        _ROOT.last_reply_number > _ROOT.replies_count,
        select(func.count())
        .where(*_AFTER, _REPLY.deleted_at.is_not(None))
        .correlate_except(_REPLY)
        .scalar_subquery(),
    ),
    else_=literal(0, Integer()),
)
#: what has disappeared and was not swept up yet: that is so for a moment
_OVER: Any = case(
    (
        ChatRoom.next_expiry_at <= JUDGED_AT,
        select(func.count())
        .where(
            *_AFTER,
            _REPLY.deleted_at.is_(None),
            is_over(_REPLY),
            not_hidden(ThreadFollower.user_id, _REPLY.room_id, _REPLY.seq),
        )
        .correlate_except(_REPLY)
        .scalar_subquery(),
    ),
    else_=literal(0, Integer()),
)
_HIDDEN: Any = case(
    (
        ChatParticipant.last_hidden_seq > ThreadFollower.last_read_seq,
        select(func.count())
        .join_from(
            Hidden,
            _REPLY,
            and_(_REPLY.room_id == Hidden.room_id, _REPLY.seq == Hidden.seq),
        )
        .where(
            Hidden.user_id == ThreadFollower.user_id,
            Hidden.room_id == ThreadFollower.room_id,
            Hidden.seq > ThreadFollower.last_read_seq,
            _REPLY.thread_id == _ROOT.id,
            _REPLY.deleted_at.is_(None),
        )
        .correlate_except(Hidden, _REPLY)
        .scalar_subquery(),
    ),
    else_=literal(0, Integer()),
)
_STANDINGS: Any = (
    select(
        _PAIRS.text(0),
        _PAIRS.text(1),
        ThreadFollower.user_id.is_not(None),
        func.coalesce(ThreadFollower.last_read_seq, 0),
        func.coalesce(
            _ROOT.last_reply_number - ThreadFollower.last_read_number - _DELETED - _OVER - _HIDDEN,
            0,
        ),
        # All of these only grow; so does how many replies are deleted.
        2 * _ROOT.last_reply_number
        - _ROOT.replies_count
        + func.coalesce(ThreadFollower.last_read_number, 0)
        + ChatParticipant.hidden_count,
        ChatParticipant.folds_some,
    )
    .select_from(
        in_this_order(_PAIRS.table, _ROOT, ChatRoom, ChatParticipant).outerjoin(
            ThreadFollower,
            and_(
                ThreadFollower.thread_id == _PAIRS.text(0),
                ThreadFollower.user_id == _PAIRS.text(1),
            ),
        )
    )
    .where(
        _ROOT.id == _PAIRS.text(0),
        ChatRoom.id == _ROOT.room_id,
        ChatParticipant.room_id == _ROOT.room_id,
        ChatParticipant.user_id == _PAIRS.text(1),
    )
)
_FOLDED: Any = (
    select(_PAIRS.text(0), _PAIRS.text(1), func.count())
    .select_from(in_this_order(_PAIRS.table, ThreadFollower, _REPLY))
    .where(
        ThreadFollower.thread_id == _PAIRS.text(0),
        ThreadFollower.user_id == _PAIRS.text(1),
        _REPLY.thread_id == _PAIRS.text(0),
        _REPLY.seq > ThreadFollower.last_read_seq,
        _REPLY.deleted_at.is_(None),
        is_live(_REPLY),
        not_hidden(_PAIRS.text(1), _REPLY.room_id, _REPLY.seq),
        exists().where(Block.blocker_id == _PAIRS.text(1), Block.blocked_id == _REPLY.sender_id),
    )
    .group_by(_PAIRS.text(0), _PAIRS.text(1))
)


def thread_standings(tx: Transaction, pairs: Iterable[Pair]) -> dict[Pair, ThreadStanding]:
    """Return where each (thread, user) stands; who is not in the room stands nowhere."""
    rows = as_rows(pairs)
    if not rows:
        return {}
    found = {
        (thread_id, user_id): ThreadStanding(*rest)
        for thread_id, user_id, *rest in tx.execute(_STANDINGS, {"pairs": rows})
    }
    folding = as_rows(
        pair for pair, standing in found.items() if standing.folds_some and standing.unread_count
    )
    if folding:
        for thread_id, user_id, count in tx.execute(_FOLDED, {"pairs": folding}):
            standing = found[thread_id, user_id]
            found[thread_id, user_id] = standing._replace(
                unread_count=standing.unread_count - count
            )
    return found
