"""polls"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import kabar.infra.db.base

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "KabarVote",
        sa.Column("messageId", sa.Text(), nullable=False),
        sa.Column("userId", sa.Text(), nullable=False),
        sa.Column("optionIds", sa.Text(), nullable=False),
        sa.Column("votedAt", kabar.infra.db.base.UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["messageId"], ["Message.id"], name=op.f("KabarVote_messageId_fkey"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["userId"], ["User.id"], name=op.f("KabarVote_userId_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("messageId", "userId", name=op.f("KabarVote_pkey")),
    )
    op.create_index(op.f("KabarVote_userId_idx"), "KabarVote", ["userId"], unique=False)
    op.add_column("Message", sa.Column("poll", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("Message", "poll")
    op.drop_index(op.f("KabarVote_userId_idx"), table_name="KabarVote")
    op.drop_table("KabarVote")
