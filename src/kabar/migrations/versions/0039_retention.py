"""retention"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("ChatRoom", sa.Column("retentionDays", sa.Integer(), nullable=True))
    op.add_column(
        "ChatRoom",
        sa.Column("retiredSeq", sa.Integer(), server_default=sa.text("0"), nullable=False),
    )
    op.create_index(
        "ChatRoom_retention_idx",
        "ChatRoom",
        ["id"],
        unique=False,
        sqlite_where=sa.text('"retentionDays" IS NOT NULL'),
        postgresql_where=sa.text('"retentionDays" IS NOT NULL'),
    )


def downgrade() -> None:
    op.drop_index(
        "ChatRoom_retention_idx",
        table_name="ChatRoom",
        sqlite_where=sa.text('"retentionDays" IS NOT NULL'),
        postgresql_where=sa.text('"retentionDays" IS NOT NULL'),
    )
    op.drop_column("ChatRoom", "retiredSeq")
    op.drop_column("ChatRoom", "retentionDays")
