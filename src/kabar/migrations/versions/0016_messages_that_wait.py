"""messages that wait"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import kabar.infra.db.base

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "KabarScheduledMessage",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("roomId", sa.Text(), nullable=False),
        sa.Column("senderId", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("replyToId", sa.Text(), nullable=True),
        sa.Column("clientId", sa.Text(), nullable=False),
        sa.Column("sendAt", kabar.infra.db.base.UtcTime(), nullable=False),
        sa.Column("takenAt", kabar.infra.db.base.UtcTime(), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("createdAt", kabar.infra.db.base.UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["roomId"],
            ["ChatRoom.id"],
            name=op.f("KabarScheduledMessage_roomId_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["senderId"],
            ["User.id"],
            name=op.f("KabarScheduledMessage_senderId_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("KabarScheduledMessage_pkey")),
        sa.UniqueConstraint(
            "senderId",
            "roomId",
            "clientId",
            name=op.f("KabarScheduledMessage_senderId_roomId_clientId_key"),
        ),
    )
    op.create_index(
        "KabarScheduledMessage_due_idx",
        "KabarScheduledMessage",
        ["sendAt", "id"],
        unique=False,
        sqlite_where=sa.text("failure IS NULL"),
        postgresql_where=sa.text("failure IS NULL"),
    )
    op.create_index(
        op.f("KabarScheduledMessage_roomId_idx"), "KabarScheduledMessage", ["roomId"], unique=False
    )
    op.create_index(
        op.f("KabarScheduledMessage_senderId_sendAt_id_idx"),
        "KabarScheduledMessage",
        ["senderId", "sendAt", "id"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_index(
        op.f("KabarScheduledMessage_senderId_sendAt_id_idx"), table_name="KabarScheduledMessage"
    )
    op.drop_index(op.f("KabarScheduledMessage_roomId_idx"), table_name="KabarScheduledMessage")
    op.drop_index(
        "KabarScheduledMessage_due_idx",
        table_name="KabarScheduledMessage",
        sqlite_where=sa.text("failure IS NULL"),
        postgresql_where=sa.text("failure IS NULL"),
    )
    op.drop_table("KabarScheduledMessage")
