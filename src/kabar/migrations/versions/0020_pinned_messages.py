"""pinned messages"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import kabar.infra.db.base

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("Message", sa.Column("pinnedAt", kabar.infra.db.base.UtcTime(), nullable=True))
    op.create_index(
        "Message_pinned_idx",
        "Message",
        ["roomId", "pinnedAt"],
        unique=False,
        sqlite_where=sa.text('"pinnedAt" IS NOT NULL'),
        postgresql_where=sa.text('"pinnedAt" IS NOT NULL'),
    )


def downgrade() -> None:
    op.drop_index(
        "Message_pinned_idx",
        table_name="Message",
        sqlite_where=sa.text('"pinnedAt" IS NOT NULL'),
        postgresql_where=sa.text('"pinnedAt" IS NOT NULL'),
    )
    op.drop_column("Message", "pinnedAt")
