"""receipts"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import kabar.infra.db.base

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "ChatParticipant",
        sa.Column("lastDeliveredSeq", sa.Integer(), server_default=sa.text("0"), nullable=False),
    )
    op.add_column(
        "ChatParticipant",
        sa.Column("lastDeliveredAt", kabar.infra.db.base.UtcTime(), nullable=True),
    )
    op.add_column(
        "User", sa.Column("readReceipts", sa.Boolean(), server_default=sa.true(), nullable=False)
    )


def downgrade() -> None:
    op.drop_column("User", "readReceipts")
    op.drop_column("ChatParticipant", "lastDeliveredAt")
    op.drop_column("ChatParticipant", "lastDeliveredSeq")
