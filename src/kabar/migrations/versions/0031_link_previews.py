"""link previews"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import kabar.infra.db.base

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "KabarLinkPage",
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("imageId", sa.Text(), nullable=True),
        sa.Column("fetchedAt", kabar.infra.db.base.UtcTime(), nullable=True),
        sa.Column("dueAt", kabar.infra.db.base.UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("url", name=op.f("KabarLinkPage_pkey")),
    )
    op.create_index(op.f("KabarLinkPage_dueAt_idx"), "KabarLinkPage", ["dueAt"], unique=False)
    op.create_table(
        "KabarPreviewJob",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("messageId", sa.Text(), nullable=False),
        sa.Column("senderId", sa.Text(), nullable=False),
        sa.Column("addresses", sa.Text(), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("dueAt", kabar.infra.db.base.UtcTime(), nullable=False),
        sa.Column("createdAt", kabar.infra.db.base.UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["messageId"],
            ["Message.id"],
            name=op.f("KabarPreviewJob_messageId_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["senderId"],
            ["User.id"],
            name=op.f("KabarPreviewJob_senderId_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("KabarPreviewJob_pkey")),
        sa.UniqueConstraint("messageId", name=op.f("KabarPreviewJob_messageId_key")),
    )
    op.create_index(op.f("KabarPreviewJob_dueAt_idx"), "KabarPreviewJob", ["dueAt"], unique=False)
    op.create_index(
        op.f("KabarPreviewJob_senderId_idx"), "KabarPreviewJob", ["senderId"], unique=False
    )
    op.add_column("Message", sa.Column("linkPreviews", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("Message", "linkPreviews")
    op.drop_index(op.f("KabarPreviewJob_senderId_idx"), table_name="KabarPreviewJob")
    op.drop_index(op.f("KabarPreviewJob_dueAt_idx"), table_name="KabarPreviewJob")
    op.drop_table("KabarPreviewJob")
    op.drop_index(op.f("KabarLinkPage_dueAt_idx"), table_name="KabarLinkPage")
    op.drop_table("KabarLinkPage")
