"""Counts of groups: in how many somebody is. Who reads a list of rooms reads all of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import literal, select, true, update
from sqlalchemy.dialects import postgresql, sqlite

from kabar.features.chat.groups.errors import TooManyGroups
from kabar.features.chat.groups.models import GroupsOf
from kabar.infra.db import Transaction
from kabar.infra.db.rows import Rows, as_rows

_USERS = Rows("users")
_ONE_EACH = (
    select(_USERS.text(0), literal(1))
    .select_from(_USERS.table)
    # For SQLite's parser, which else takes ON for a part of a join.
    .where(true())
    # In one order: two who add the same people wait for each other, and not in a circle.
    .order_by(_USERS.text(0))
)


def _one_more(insert: Any) -> Any:
    statement = insert(GroupsOf).from_select([GroupsOf.user_id, GroupsOf.groups], _ONE_EACH)
    counted = statement.on_conflict_do_update(
        index_elements=[GroupsOf.user_id], set_={"groups": GroupsOf.groups + 1}
    )
    return counted.returning(GroupsOf.user_id, GroupsOf.groups)


_ONE_MORE = {True: _one_more(postgresql.insert), False: _one_more(sqlite.insert)}


def count_groups(tx: Transaction, user_ids: Iterable[str], *, caller: str, most: int) -> None:
    """Count one more group for each of these. Raises `TooManyGroups` where one has the most."""
    users = as_rows((user_id,) for user_id in user_ids)
    full = [
        user_id
        for user_id, groups in tx.execute(_ONE_MORE[tx.is_postgresql], {"users": users})
        if groups > most
    ]
    if caller in full:
        raise TooManyGroups("You are in the most groups that one may be in. Leave one first.")
    if full:
        raise TooManyGroups


def count_one_less(tx: Transaction, user_id: str) -> None:
    """Somebody is in a group no more."""
    theirs = update(GroupsOf).where(GroupsOf.user_id == user_id)
    tx.execute(theirs.values(groups=GroupsOf.groups - 1))
