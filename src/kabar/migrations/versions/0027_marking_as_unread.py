"""marking as unread"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "ChatParticipant",
        sa.Column("wasReadSeq", sa.Integer(), server_default=sa.text("0"), nullable=False),
    )
    op.add_column(
        "ChatParticipant",
        sa.Column("ownUnread", sa.Integer(), server_default=sa.text("0"), nullable=False),
    )
    op.add_column(
        "ChatParticipant",
        sa.Column("takenBack", sa.Integer(), server_default=sa.text("0"), nullable=False),
    )


def downgrade() -> None:
    op.drop_column("ChatParticipant", "takenBack")
    op.drop_column("ChatParticipant", "ownUnread")
    op.drop_column("ChatParticipant", "wasReadSeq")
