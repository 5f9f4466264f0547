"""Folding: messages of people whom a participant blocks do not count for them, or ring."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    bindparam,
    case,
    exists,
    false,
    func,
    literal_column,
    select,
    true,
    union_all,
    update,
)
from sqlalchemy.orm import aliased

from kabar.features.chat.deleting.hiding import gone_after, not_hidden
from kabar.features.chat.mine.quiet import IS_COUNTED, NOW
from kabar.features.chat.models import ChatParticipant, ChatRoom, Message
from kabar.features.follows.models import Block
from kabar.infra.db import Transaction
from kabar.infra.db.rows import Rows, as_rows

# `ChatParticipant.folds_some` says of nearly everybody that there is nothing to look for. Only
# where it is set is anything of what follows looked at, in statements of their own: a condition in
# those that everybody's lists are read with would cost something for each of their rooms.


def is_folded(message: Any, participant: Any = ChatParticipant) -> ColumnElement[bool]:
    """Whether somebody said it whom the participant blocks."""
    block = aliased(Block)
    return (
        exists()
        .where(block.blocker_id == participant.user_id, block.blocked_id == message.sender_id)
        # However deep it stands: the two are of the statements around it.
        .correlate_except(block)
    )


def not_folded(user_id: Any, sender_id: Any) -> ColumnElement[bool]:
    """The condition of what nobody said whom a user blocks, for what finds messages."""
    block = aliased(Block)
    return ~(
        exists()
        .where(block.blocker_id == user_id, block.blocked_id == sender_id)
        .correlate_except(block)
    )


def uncounted_after(seq: Any) -> ColumnElement[int]:
    """Count what after a position is not unread to the participant: deleted, or folded away."""
    message = aliased(Message)
    folded = (
        select(func.count())
        .where(
            message.room_id == ChatRoom.id,
            message.seq > seq,
            message.deleted_at.is_(None),
            message.happening.is_(None),
            # What they deleted for themselves is counted there.
            not_hidden(ChatParticipant.user_id, message.room_id, message.seq),
            is_folded(message),
        )
        .correlate_except(message)
        .scalar_subquery()
    )
    return gone_after(seq) + case((ChatParticipant.folds_some, folded), else_=literal_column("0"))


_STANDS = Rows("stands")
_SAID = aliased(Message)
_FOLDED_AFTER: Any = select(
    _STANDS.text(0),
    _STANDS.text(1),
    _STANDS.integer(2),
    select(func.count())
    .where(
        _SAID.room_id == _STANDS.text(0),
        _SAID.seq > _STANDS.integer(2),
        _SAID.deleted_at.is_(None),
        _SAID.happening.is_(None),
        not_hidden(_STANDS.text(1), _SAID.room_id, _SAID.seq),
        exists()
        .where(Block.blocker_id == _STANDS.text(1), Block.blocked_id == _SAID.sender_id)
        .correlate_except(Block),
    )
    .correlate_except(_SAID)
    .scalar_subquery(),
).select_from(_STANDS.table)

#: a room, somebody in it, and a position there
Stand = tuple[str, str, int]


def folded_after(tx: Transaction, stands: Iterable[Stand]) -> dict[Stand, int]:
    """Count, for each of these, what is folded away for that person after that position."""
    rows = as_rows(set(stands))
    found = tx.execute(_FOLDED_AFTER, {"stands": rows}) if rows else ()
    return {(room_id, user_id, seq): count for room_id, user_id, seq, count in found}


_FOLDING = (
    select(ChatParticipant.room_id, ChatParticipant.last_read_seq, IS_COUNTED)
    .join(ChatRoom, ChatRoom.id == ChatParticipant.room_id)
    .where(ChatParticipant.user_id == bindparam("user"), ChatParticipant.folds_some)
)


class FoldingPlace(NamedTuple):
    """A room in which somebody folds away what some say."""

    last_read_seq: int
    #: what is unread there is part of the total
    is_counted: bool


def folding_places(tx: Transaction, user_id: str) -> dict[str, FoldingPlace]:
    """Return the rooms in which this user folds away what some say: nearly always none."""
    found = tx.execute(_FOLDING, {"user": user_id, NOW.key: tx.now})
    return {room_id: FoldingPlace(*rest) for room_id, *rest in found}


_PLACES = Rows("places")
_FOLDED_LAST: Any = (
    select(ChatRoom.id)
    .join_from(_PLACES.table, ChatRoom, ChatRoom.id == _PLACES.text(0))
    .join(Message, (Message.room_id == ChatRoom.id) & (Message.seq == ChatRoom.last_said_seq))
    .join(ChatParticipant, ChatParticipant.room_id == ChatRoom.id)
    .where(ChatParticipant.user_id == bindparam("user"), is_folded(Message))
)


def rooms_with_folded_end(tx: Transaction, user_id: str, room_ids: Iterable[str]) -> set[str]:
    """Return those of a user's rooms in which the last word is folded away for them."""
    rows = as_rows((room_id,) for room_id in room_ids)
    if not rows:
        return set()
    return set(tx.execute(_FOLDED_LAST, {"user": user_id, "places": rows}).scalars())


_COMING = Rows("coming")
_THESE = select(_COMING.text(0)).select_from(_COMING.table)
_THERE = aliased(ChatParticipant)


def _in_room(user_id: Any) -> ColumnElement[bool]:
    return exists().where(_THERE.room_id == bindparam("room"), _THERE.user_id == user_id)


# Those who come and block somebody who is there, and those who are there and block who comes.
_FOLDING_NOW = union_all(
    select(Block.blocker_id).where(Block.blocker_id.in_(_THESE), _in_room(Block.blocked_id)),
    select(Block.blocker_id).where(Block.blocked_id.in_(_THESE), _in_room(Block.blocker_id)),
)
_FOLD_FOR_COMERS = (
    update(ChatParticipant)
    .where(ChatParticipant.room_id == bindparam("room"), ChatParticipant.user_id.in_(_FOLDING_NOW))
    .values(folds_some=true())
)


def note_comers(tx: Transaction, room_id: str, user_ids: Sequence[str]) -> None:
    """Note who of a room folds some of its messages away now that these have come into it."""
    rows = as_rows((user_id,) for user_id in user_ids)
    tx.execute(_FOLD_FOR_COMERS, {"room": room_id, "coming": rows})


_HIS_ROOMS = aliased(ChatParticipant)
_FOLD = (
    update(ChatParticipant)
    .where(
        ChatParticipant.user_id == bindparam("blocker"),
        ChatParticipant.room_id.in_(
            select(_HIS_ROOMS.room_id).where(_HIS_ROOMS.user_id == bindparam("blocked"))
        ),
    )
    .values(folds_some=true())
)
_SHOW_ALL = (
    update(ChatParticipant)
    .where(
        ChatParticipant.user_id == bindparam("blocker"),
        ChatParticipant.folds_some,
        ~exists().where(Block.blocker_id == bindparam("blocker")),
    )
    .values(folds_some=false())
)


def note_blocked(tx: Transaction, blocker_id: str, blocked_id: str) -> None:
    """Fold away what somebody says for who blocks them now, in all rooms that both are in."""
    tx.execute(_FOLD, {"blocker": blocker_id, "blocked": blocked_id})


def note_unblocked(tx: Transaction, blocker_id: str) -> None:
    """Who blocks nobody any more folds nothing away. (Of the others looking costs a little.)"""
    tx.execute(_SHOW_ALL, {"blocker": blocker_id})
