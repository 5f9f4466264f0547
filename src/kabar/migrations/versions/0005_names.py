"""former usernames, and names that are found without their accents"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import kabar.infra.db.base
from kabar.core.text import folded

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_AT_ONCE = 1000
_USER = sa.table(
    "User",
    sa.column("id", sa.Text),
    sa.column("username", sa.Text),
    sa.column("name", sa.Text),
    sa.column("searchText", sa.Text),
)


def upgrade() -> None:
    op.create_table(
        "KabarFormerUsername",
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("userId", sa.Text(), nullable=False),
        sa.Column("createdAt", kabar.infra.db.base.UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["userId"],
            ["User.id"],
            name=op.f("KabarFormerUsername_userId_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("username", name=op.f("KabarFormerUsername_pkey")),
    )
    with op.batch_alter_table("KabarFormerUsername", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("KabarFormerUsername_userId_idx"), ["userId"], unique=False
        )
    _fold_names(op.get_bind())


def _fold_names(connection: sa.Connection) -> None:
    """How names are found has changed: their accents no longer matter."""
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


def downgrade() -> None:
    op.drop_table("KabarFormerUsername")
