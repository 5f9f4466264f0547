"""Names are found as they are folded: what migrations do when `folded` has changed."""

from __future__ import annotations

import sqlalchemy as sa

from kabar.core.text import folded
from kabar.features.accounts.name_parts import parts_of

_AT_ONCE = 1000
_USER = sa.table(
    "User",
    sa.column("id", sa.Text),
    sa.column("username", sa.Text),
    sa.column("name", sa.Text),
    sa.column("searchText", sa.Text),
)
_PART = sa.table("KabarNamePart", sa.column("part", sa.Text), sa.column("userId", sa.Text))


def fold_names(connection: sa.Connection) -> None:
    """Fold anew by what people are found, because `folded` has changed.

    From version 0008 on, `write_name_parts` has to follow.
    """
    columns = (_USER.c.id, _USER.c.username, _USER.c.name, _USER.c.searchText)
    change = (
        sa.update(_USER)
        .where(_USER.c.id == sa.bindparam("user_id"))
        .values(searchText=sa.bindparam("search_text"))
    )
    last = ""
    while True:
        page = sa.select(*columns).where(_USER.c.id > last).order_by(_USER.c.id).limit(_AT_ONCE)
        rows = connection.execute(page).all()
        if not rows:
            return
        last = rows[-1].id
        changes = [
            {"user_id": row.id, "search_text": f" {row.username} {folded(row.name)}"}
            for row in rows
            if row.searchText != f" {row.username} {folded(row.name)}"
        ]
        if changes:
            connection.execute(change, changes)


def write_name_parts(connection: sa.Connection) -> None:
    """Write anew the parts by which everybody is found."""
    connection.execute(sa.delete(_PART))
    last = ""
    while True:
        page = sa.select(_USER.c.id, _USER.c.searchText).where(_USER.c.id > last)
        rows = connection.execute(page.order_by(_USER.c.id).limit(_AT_ONCE)).all()
        if not rows:
            return
        last = rows[-1].id
        connection.execute(
            sa.insert(_PART),
            [{"part": part, "userId": row.id} for row in rows for part in parts_of(row.searchText)],
        )
