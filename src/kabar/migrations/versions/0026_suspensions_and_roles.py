"""suspensions and roles"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import kabar.infra.db.base

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "KabarModerationAct",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("deed", sa.Text(), nullable=False),
        sa.Column("byId", sa.Text(), nullable=True),
        sa.Column("byName", sa.Text(), nullable=True),
        sa.Column("userId", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("until", kabar.infra.db.base.UtcTime(), nullable=True),
        sa.Column("createdAt", kabar.infra.db.base.UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("KabarModerationAct_pkey")),
    )
    op.create_index(
        op.f("KabarModerationAct_createdAt_id_idx"),
        "KabarModerationAct",
        ["createdAt", "id"],
        unique=False,
    )
    op.add_column("User", sa.Column("role", sa.Text(), server_default="user", nullable=False))
    op.add_column("User", sa.Column("suspendedAt", kabar.infra.db.base.UtcTime(), nullable=True))
    op.add_column("User", sa.Column("suspendedUntil", kabar.infra.db.base.UtcTime(), nullable=True))
    op.add_column("User", sa.Column("suspendedFor", sa.Text(), nullable=True))
    op.create_index(
        "User_staff_idx",
        "User",
        ["role"],
        unique=False,
        sqlite_where=sa.text("role <> 'user'"),
        postgresql_where=sa.text("role <> 'user'"),
    )
    op.create_index(
        "User_suspended_idx",
        "User",
        ["suspendedAt", "id"],
        unique=False,
        sqlite_where=sa.text('"suspendedAt" IS NOT NULL'),
        postgresql_where=sa.text('"suspendedAt" IS NOT NULL'),
    )


def downgrade() -> None:
    op.drop_index(
        "User_suspended_idx",
        table_name="User",
        sqlite_where=sa.text('"suspendedAt" IS NOT NULL'),
        postgresql_where=sa.text('"suspendedAt" IS NOT NULL'),
    )
    op.drop_index(
        "User_staff_idx",
        table_name="User",
        sqlite_where=sa.text("role <> 'user'"),
        postgresql_where=sa.text("role <> 'user'"),
    )
    op.drop_column("User", "suspendedFor")
    op.drop_column("User", "suspendedUntil")
    op.drop_column("User", "suspendedAt")
    op.drop_column("User", "role")
    op.drop_index(op.f("KabarModerationAct_createdAt_id_idx"), table_name="KabarModerationAct")
    op.drop_table("KabarModerationAct")
