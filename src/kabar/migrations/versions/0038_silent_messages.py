"""silent messages"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "ChatRoom",
        sa.Column("silentFrom", sa.Integer(), server_default=sa.text("0"), nullable=False),
    )
    op.add_column(
        "KabarScheduledMessage",
        sa.Column("silent", sa.Boolean(), server_default=sa.false(), nullable=False),
    )


def downgrade() -> None:
    op.drop_column("KabarScheduledMessage", "silent")
    op.drop_column("ChatRoom", "silentFrom")
