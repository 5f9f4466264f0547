"""reports"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import kabar.infra.db.base

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "KabarReport",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("reporterId", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("messageId", sa.Text(), nullable=True),
        sa.Column("roomId", sa.Text(), nullable=True),
        sa.Column("userId", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("said", sa.Text(), nullable=True),
        sa.Column("createdAt", kabar.infra.db.base.UtcTime(), nullable=False),
        sa.Column("resolvedAt", kabar.infra.db.base.UtcTime(), nullable=True),
        sa.Column("action", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("byId", sa.Text(), nullable=True),
        sa.Column("byName", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("KabarReport_pkey")),
    )
    op.create_index(
        "KabarReport_queue_idx",
        "KabarReport",
        ["createdAt", "id"],
        unique=False,
        sqlite_where=sa.text('"resolvedAt" IS NULL'),
        postgresql_where=sa.text('"resolvedAt" IS NULL'),
    )
    op.create_index(op.f("KabarReport_reporterId_idx"), "KabarReport", ["reporterId"], unique=False)
    op.create_index(
        op.f("KabarReport_resolvedAt_id_idx"), "KabarReport", ["resolvedAt", "id"], unique=False
    )
    op.create_index(op.f("KabarReport_subject_idx"), "KabarReport", ["subject"], unique=False)
    op.create_index(op.f("KabarReport_userId_idx"), "KabarReport", ["userId"], unique=False)
    op.create_index(
        "KabarReport_waiting_key",
        "KabarReport",
        ["reporterId", "subject"],
        unique=True,
        sqlite_where=sa.text('"resolvedAt" IS NULL'),
        postgresql_where=sa.text('"resolvedAt" IS NULL'),
    )
    op.add_column("KabarModerationAct", sa.Column("roomId", sa.Text(), nullable=True))
    op.add_column("KabarModerationAct", sa.Column("messageId", sa.Text(), nullable=True))
    op.add_column("KabarModerationAct", sa.Column("reportId", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("KabarModerationAct", "reportId")
    op.drop_column("KabarModerationAct", "messageId")
    op.drop_column("KabarModerationAct", "roomId")
    op.drop_index(
        "KabarReport_waiting_key",
        table_name="KabarReport",
        sqlite_where=sa.text('"resolvedAt" IS NULL'),
        postgresql_where=sa.text('"resolvedAt" IS NULL'),
    )
    op.drop_index(op.f("KabarReport_userId_idx"), table_name="KabarReport")
    op.drop_index(op.f("KabarReport_subject_idx"), table_name="KabarReport")
    op.drop_index(op.f("KabarReport_resolvedAt_id_idx"), table_name="KabarReport")
    op.drop_index(op.f("KabarReport_reporterId_idx"), table_name="KabarReport")
    op.drop_index(
        "KabarReport_queue_idx",
        table_name="KabarReport",
        sqlite_where=sa.text('"resolvedAt" IS NULL'),
        postgresql_where=sa.text('"resolvedAt" IS NULL'),
    )
    op.drop_table("KabarReport")
