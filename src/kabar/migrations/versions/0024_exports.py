"""exports of one's own data"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import kabar.infra.db.base

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "KabarExport",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("userId", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("progress", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("dueAt", kabar.infra.db.base.UtcTime(), nullable=False),
        sa.Column("createdAt", kabar.infra.db.base.UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["userId"], ["User.id"], name=op.f("KabarExport_userId_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("KabarExport_pkey")),
    )
    op.create_index(op.f("KabarExport_dueAt_idx"), "KabarExport", ["dueAt"], unique=False)
    op.create_index(
        "KabarExport_underWay_key",
        "KabarExport",
        ["userId"],
        unique=True,
        sqlite_where=sa.text("\"state\" IN ('queued', 'running')"),
        postgresql_where=sa.text("\"state\" IN ('queued', 'running')"),
    )
    op.create_index(
        op.f("KabarExport_userId_createdAt_idx"),
        "KabarExport",
        ["userId", "createdAt"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_index(op.f("KabarExport_userId_createdAt_idx"), table_name="KabarExport")
    op.drop_index(
        "KabarExport_underWay_key",
        table_name="KabarExport",
        sqlite_where=sa.text("\"state\" IN ('queued', 'running')"),
        postgresql_where=sa.text("\"state\" IN ('queued', 'running')"),
    )
    op.drop_index(op.f("KabarExport_dueAt_idx"), table_name="KabarExport")
    op.drop_table("KabarExport")
