"""what has changed of rooms, for those who were away"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import kabar.infra.db.base

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "KabarChange",
        sa.Column("roomId", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("stamp", sa.BigInteger(), nullable=False),
        sa.Column("at", kabar.infra.db.base.UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("roomId", "kind", "subject", name=op.f("KabarChange_pkey")),
    )
    op.create_index(
        op.f("KabarChange_roomId_stamp_idx"), "KabarChange", ["roomId", "stamp"], unique=False
    )
    op.create_index(
        "KabarChange_participant_idx",
        "KabarChange",
        ["subject", "stamp"],
        unique=False,
        sqlite_where=sa.text("kind = 'participant'"),
        postgresql_where=sa.text("kind = 'participant'"),
    )


def downgrade() -> None:
    op.drop_table("KabarChange")
