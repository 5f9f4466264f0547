"""how one has a room"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import kabar.infra.db.base

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "ChatParticipant", sa.Column("mutedUntil", kabar.infra.db.base.UtcTime(), nullable=True)
    )
    op.add_column(
        "ChatParticipant",
        sa.Column("notify", sa.Text(), server_default=sa.text("'all'"), nullable=False),
    )
    op.add_column("ChatParticipant", sa.Column("archivedSeq", sa.Integer(), nullable=True))
    op.add_column("ChatParticipant", sa.Column("draft", sa.Text(), nullable=True))
    op.add_column("ChatParticipant", sa.Column("draftReplyToId", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("ChatParticipant", "draftReplyToId")
    op.drop_column("ChatParticipant", "draft")
    op.drop_column("ChatParticipant", "archivedSeq")
    op.drop_column("ChatParticipant", "notify")
    op.drop_column("ChatParticipant", "mutedUntil")
