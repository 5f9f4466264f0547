"""reactions"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import kabar.infra.db.base

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "KabarReaction",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("messageId", sa.Text(), nullable=False),
        sa.Column("userId", sa.Text(), nullable=False),
        sa.Column("emoji", sa.Text(), nullable=False),
        sa.Column("createdAt", kabar.infra.db.base.UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["messageId"],
            ["Message.id"],
            name=op.f("KabarReaction_messageId_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["userId"], ["User.id"], name=op.f("KabarReaction_userId_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("KabarReaction_pkey")),
        sa.UniqueConstraint(
            "messageId", "userId", "emoji", name=op.f("KabarReaction_messageId_userId_emoji_key")
        ),
    )
    op.create_index(
        op.f("KabarReaction_messageId_createdAt_id_idx"),
        "KabarReaction",
        ["messageId", "createdAt", "id"],
        unique=False,
    )
    op.create_index(op.f("KabarReaction_userId_idx"), "KabarReaction", ["userId"], unique=False)
    op.add_column(
        "Message", sa.Column("version", sa.Integer(), server_default=sa.text("0"), nullable=False)
    )
    op.add_column("Message", sa.Column("reactions", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("Message", "reactions")
    op.drop_column("Message", "version")
    op.drop_index(op.f("KabarReaction_userId_idx"), table_name="KabarReaction")
    op.drop_index(op.f("KabarReaction_messageId_createdAt_id_idx"), table_name="KabarReaction")
    op.drop_table("KabarReaction")
