"""Walls: what two people can see of each other when one of them blocks the other."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import aliased

from kabar.features.accounts.errors import UserNotFound
from kabar.features.accounts.models import User
from kabar.features.accounts.queries import require_user_id
from kabar.features.follows.errors import Blocked
from kabar.features.follows.models import Block, Follow
from kabar.infra.db import Transaction
from kabar.infra.db.rows import Rows, as_rows

CALLER: ColumnElement[str] = bindparam("caller")

_mine = aliased(Block)
_theirs = aliased(Block)
#: whether the caller blocks a user; statements have the parameter `caller`
BLOCKING = exists().where(_mine.blocker_id == CALLER, _mine.blocked_id == User.id)
#: whether a user blocks the caller: then they do not exist
BLOCKED_BY = exists().where(_theirs.blocked_id == CALLER, _theirs.blocker_id == User.id)
#: whether no block of either stands between the caller and a user
NO_WALL = and_(~BLOCKING, ~BLOCKED_BY)


def unseen(side: str) -> ColumnElement[int]:
    """Count those of a user's followers ("follower_id"), or of whom they follow ("following_id"),
    who are not shown to the caller.

    It costs what the caller blocks and is blocked, however many the user has.
    """
    other_side = "following_id" if side == "follower_id" else "follower_id"
    counts: list[ColumnElement[int]] = []
    for mine, theirs in (("blocker_id", "blocked_id"), ("blocked_id", "blocker_id")):
        block, edge, back = aliased(Block), aliased(Follow), aliased(Block)
        walled = (
            select(func.count())
            .select_from(block)
            .join(edge, getattr(edge, side) == getattr(block, theirs))
            .where(getattr(block, mine) == CALLER, getattr(edge, other_side) == User.id)
        )
        if mine == "blocked_id":
            # Who block each other are counted once.
            both = exists().where(back.blocker_id == CALLER, back.blocked_id == block.blocker_id)
            walled = walled.where(~both.correlate_except(back))
        counts.append(walled.correlate_except(block, edge).scalar_subquery())
    return counts[0] + counts[1]


_OTHERS = Rows("others")
_BETWEEN: Any = select(Block.blocker_id, Block.blocked_id).join_from(
    _OTHERS.table,
    Block,
    or_(
        and_(Block.blocker_id == CALLER, Block.blocked_id == _OTHERS.text(0)),
        and_(Block.blocked_id == CALLER, Block.blocker_id == _OTHERS.text(0)),
    ),
)


def require_no_wall(tx: Transaction, caller_id: str, others: Iterable[str]) -> None:
    """Raise if somebody blocks the caller (there is no such user), or is blocked by them."""
    rows = as_rows((other,) for other in others)
    found = tx.execute(_BETWEEN, {"caller": caller_id, "others": rows}).all()
    if any(blocked == caller_id for _, blocked in found):
        raise UserNotFound
    if found:
        raise Blocked


def require_seen_id(tx: Transaction, caller_id: str, wanted: str) -> str:
    """Return the id of a user (an id or `@username`) who does not block the caller."""
    user_id = require_user_id(tx, wanted)
    if blocks(tx, user_id, caller_id):
        raise UserNotFound
    return user_id


_BLOCKS = select(Block.id).where(
    Block.blocker_id == bindparam("blocker"), Block.blocked_id == bindparam("blocked")
)


def blocks(tx: Transaction, blocker_id: str, blocked_id: str) -> bool:
    """Whether one blocks the other."""
    pair = {"blocker": blocker_id, "blocked": blocked_id}
    return tx.execute(_BLOCKS, pair).first() is not None


_SENDERS = Rows("senders")
_READERS = Rows("readers")
_AMONG: Any = select(Block.blocked_id, Block.blocker_id).where(
    Block.blocker_id.in_(select(_READERS.text(0)).select_from(_READERS.table)),
    Block.blocked_id.in_(select(_SENDERS.text(0)).select_from(_SENDERS.table)),
)


def blockers_among(
    tx: Transaction, blocked: Iterable[str], blockers: Iterable[str]
) -> dict[str, set[str]]:
    """Return, for each of the first who is blocked by any of the second, by whom."""
    rows = {
        "senders": as_rows((user_id,) for user_id in set(blocked)),
        "readers": as_rows((user_id,) for user_id in set(blockers)),
    }
    found: dict[str, set[str]] = {}
    if rows["senders"] and rows["readers"]:
        for blocked_id, blocker_id in tx.execute(_AMONG, rows):
            found.setdefault(blocked_id, set()).add(blocker_id)
    return found
