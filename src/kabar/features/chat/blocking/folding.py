"""Folding: messages of people whom a participant blocks do not count for them, or ring."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    bindparam,
    exists,
    false,
    func,
    select,
    true,
    union_all,
    update,
)
from sqlalchemy.orm import aliased

from kabar.features.chat.deleting.hiding import not_hidden
from kabar.features.chat.lifetimes.judging import is_live
from kabar.features.chat.mine.quiet import IS_COUNTED, NOW
from kabar.features.chat.models import ChatParticipant, ChatRoom, Message
from kabar.features.follows.models import Block
from kabar.infra.db import Transaction
from kabar.infra.db.rows import Rows, as_rows

# `ChatParticipant.folds_some` says of nearly everybody that there is nothing to look for. Only
# where it is set is anything of what follows looked at, in statements of their own: a condition in
# those that everybody's lists are read with would cost something for each of their rooms.


#: whether what somebody says is not for a user, by their ids
Between = Callable[[Any, Any], ColumnElement[bool]]


def is_between(user_id: Any, sender_id: Any) -> ColumnElement[bool]:
    """Whether a user blocks who says something."""
    block = aliased(Block)
    return (
        exists()
        .where(block.blocker_id == user_id, block.blocked_id == sender_id)
        # However deep it stands: the two are of the statements around it.
        .correlate_except(block)
    )


def is_folded(message: Any) -> ColumnElement[bool]:
    """Whether somebody said it whom the participant blocks."""
    return is_between(ChatParticipant.user_id, message.sender_id)


def not_folded(user_id: Any, sender_id: Any) -> ColumnElement[bool]:
    """The condition of what nobody said whom a user blocks, for what finds messages."""
    return ~is_between(user_id, sender_id)


_STANDS = Rows("stands")


def said_after(between: Between) -> Any:
    """Return the statement that counts what is not for somebody after their positions."""
    said = aliased(Message)
    count = (
        select(func.count())
        .where(
            said.room_id == _STANDS.text(0),
            said.seq > _STANDS.integer(2),
            said.deleted_at.is_(None),
            is_live(said),
            said.happening.is_(None),
            said.thread_id.is_(None),
            not_hidden(_STANDS.text(1), said.room_id, said.seq),
            between(_STANDS.text(1), said.sender_id),
        )
        .correlate_except(said)
        .scalar_subquery()
    )
    columns = (_STANDS.text(0), _STANDS.text(1), _STANDS.integer(2))
    return select(*columns, count).select_from(_STANDS.table)


#: a room, somebody in it, and a position there
Stand = tuple[str, str, int]


def count_said(tx: Transaction, statement: Any, stands: Iterable[Stand]) -> dict[Stand, int]:
    """Run a statement of `said_after` for these."""
    rows = as_rows(set(stands))
    found = tx.execute(statement, {"stands": rows}) if rows else ()
    return {(room_id, user_id, seq): count for room_id, user_id, seq, count in found}


_FOLDED_AFTER = said_after(is_between)


def folded_after(tx: Transaction, stands: Iterable[Stand]) -> dict[Stand, int]:
    """Count, for each of these, what is folded away for that person after that position."""
    return count_said(tx, _FOLDED_AFTER, stands)


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


def mark_for_comers(whose: Any, of_whom: Any, mark: str) -> Any:
    """Return the statement that marks, in a room into which some come, those of them who block (or
    mute) somebody who is there, and those who are there and block who comes."""
    now = union_all(
        select(whose).where(whose.in_(_THESE), _in_room(of_whom)),
        select(whose).where(of_whom.in_(_THESE), _in_room(whose)),
    )
    return (
        update(ChatParticipant)
        .where(ChatParticipant.room_id == bindparam("room"), ChatParticipant.user_id.in_(now))
        .values({mark: true()})
    )


_FOLD_FOR_COMERS = mark_for_comers(Block.blocker_id, Block.blocked_id, "folds_some")


def note_comers(
    tx: Transaction, room_id: str, user_ids: Sequence[str], mark: Any = _FOLD_FOR_COMERS
) -> None:
    """Note who of a room folds some of its messages away now that these have come into it."""
    rows = as_rows((user_id,) for user_id in user_ids)
    tx.execute(mark, {"room": room_id, "coming": rows})


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
