"""Blocking: both no longer follow each other or ask to, and the list of whom one blocks."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from kabar.core.ids import new_id
from kabar.features.accounts.errors import UserNotFound
from kabar.features.accounts.identity import Identity
from kabar.features.accounts.models import User
from kabar.features.accounts.queries import require_user_id
from kabar.features.follows.asking import take_request
from kabar.features.follows.errors import CannotBlockSelf, TooManyBlocked
from kabar.features.follows.events import UserBlocked, UserUnblocked
from kabar.features.follows.follows import lock_users, take_follow
from kabar.features.follows.models import Block
from kabar.features.follows.people import PERSON_COLUMNS, PersonRow, person_view
from kabar.features.follows.schemas import FollowList
from kabar.infra.db import Transaction
from kabar.infra.db.named_rows import columns_of
from kabar.infra.http.cursors import TimeCursor, older_than, write_cursor

#: by one person
MOST_BLOCKED = 10_000

_HOW_MANY = select(func.count()).where(Block.blocker_id == bindparam("blocker"))
_UNBLOCK = (
    delete(Block)
    .where(Block.blocker_id == bindparam("blocker"), Block.blocked_id == bindparam("blocked"))
    .returning(Block.id)
)


def block(tx: Transaction, *, caller: Identity, user: str, socket_id: str | None) -> str:
    """Block a user, whose id is returned. They are not told of anything that ends by it.

    Who is blocked may block too: of that they see nobody, but say so by the id they know.
    """
    blocked_id = _lock_both(tx, caller, user)
    if tx.execute(_HOW_MANY, {"blocker": caller.user_id}).scalar_one() >= MOST_BLOCKED:
        raise TooManyBlocked
    insert = postgresql.insert if tx.is_postgresql else sqlite.insert
    made = tx.execute(
        insert(Block)
        .values(id=new_id(), blocker_id=caller.user_id, blocked_id=blocked_id, created_at=tx.now)
        .on_conflict_do_nothing()
        .returning(Block.id)
    ).first()
    if made is not None:
        for one, other in ((caller.user_id, blocked_id), (blocked_id, caller.user_id)):
            take_follow(tx, one, other)
            take_request(tx, one, other)
        tx.emit(
            UserBlocked(blocker_id=caller.user_id, blocked_id=blocked_id, except_socket=socket_id)
        )
    return blocked_id


def unblock(tx: Transaction, *, caller: Identity, user: str, socket_id: str | None) -> str:
    """No longer block a user, whose id is returned. What the block has ended stays so."""
    blocked_id = _lock_both(tx, caller, user)
    pair = {"blocker": caller.user_id, "blocked": blocked_id}
    if tx.execute(_UNBLOCK, pair).first() is not None:
        tx.emit(
            UserUnblocked(blocker_id=caller.user_id, blocked_id=blocked_id, except_socket=socket_id)
        )
    return blocked_id


def _lock_both(tx: Transaction, caller: Identity, user: str) -> str:
    blocked_id = require_user_id(tx, user)
    if blocked_id == caller.user_id:
        raise CannotBlockSelf
    if len(lock_users(tx, [caller.user_id, blocked_id])) < 2:
        raise UserNotFound
    return blocked_id


class BlockedCursor(TimeCursor, frozen=True, tag="blocked"):
    """A place in the list of whom one blocks."""


class _BlockedRow(PersonRow, frozen=True):
    blocked_at: datetime
    block_id: str


def page_of_blocked(
    tx: Transaction, *, caller_id: str, limit: int, after: BlockedCursor | None
) -> FollowList:
    """Return whom the caller blocks, newest first."""
    statement = (
        select(
            *columns_of(
                _BlockedRow, **PERSON_COLUMNS, blocked_at=Block.created_at, block_id=Block.id
            )
        )
        .join(Block, Block.blocked_id == User.id)
        .where(Block.blocker_id == caller_id)
        .order_by(Block.created_at.desc(), Block.id.desc())
        .limit(limit + 1)
    )
    if after is not None:
        statement = statement.where(older_than(Block.created_at, Block.id, after))
    rows = [_BlockedRow(*row) for row in tx.execute(statement, {"caller": caller_id})]
    total: int = tx.execute(_HOW_MANY, {"blocker": caller_id}).scalar_one()
    last = rows[limit - 1] if len(rows) > limit else None
    return FollowList(
        users=[person_view(row) for row in rows[:limit]],
        total=total,
        next_cursor=write_cursor(BlockedCursor.at(last.blocked_at, last.block_id))
        if last
        else None,
    )
