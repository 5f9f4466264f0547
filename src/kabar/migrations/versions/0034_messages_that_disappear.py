"""messages that disappear"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import kabar.infra.db.base

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "ChatRoom",
        sa.Column("messageTtlSeconds", sa.Integer(), server_default=sa.text("0"), nullable=False),
    )
    op.add_column(
        "ChatRoom", sa.Column("lastExpiresAt", kabar.infra.db.base.UtcTime(), nullable=True)
    )
    op.add_column(
        "ChatRoom", sa.Column("nextExpiryAt", kabar.infra.db.base.UtcTime(), nullable=True)
    )
    op.add_column(
        "ChatRoom", sa.Column("goneFrom", sa.Integer(), server_default=sa.text("0"), nullable=False)
    )
    op.add_column(
        "ChatRoom", sa.Column("goneTo", sa.Integer(), server_default=sa.text("0"), nullable=False)
    )
    op.create_index(
        "ChatRoom_due_idx",
        "ChatRoom",
        ["nextExpiryAt"],
        unique=False,
        sqlite_where=sa.text('"nextExpiryAt" IS NOT NULL'),
        postgresql_where=sa.text('"nextExpiryAt" IS NOT NULL'),
    )
    op.add_column("Message", sa.Column("expiresAt", kabar.infra.db.base.UtcTime(), nullable=True))
    op.create_index(
        "Message_expiring_idx",
        "Message",
        ["roomId", "expiresAt"],
        unique=False,
        sqlite_where=sa.text('("expiresAt" IS NOT NULL AND "deletedAt" IS NULL)'),
        postgresql_where=sa.text('("expiresAt" IS NOT NULL AND "deletedAt" IS NULL)'),
    )


def downgrade() -> None:
    op.drop_index(
        "Message_expiring_idx",
        table_name="Message",
        sqlite_where=sa.text('("expiresAt" IS NOT NULL AND "deletedAt" IS NULL)'),
        postgresql_where=sa.text('("expiresAt" IS NOT NULL AND "deletedAt" IS NULL)'),
    )
    op.drop_column("Message", "expiresAt")
    op.drop_index(
        "ChatRoom_due_idx",
        table_name="ChatRoom",
        sqlite_where=sa.text('"nextExpiryAt" IS NOT NULL'),
        postgresql_where=sa.text('"nextExpiryAt" IS NOT NULL'),
    )
    op.drop_column("ChatRoom", "goneTo")
    op.drop_column("ChatRoom", "goneFrom")
    op.drop_column("ChatRoom", "nextExpiryAt")
    op.drop_column("ChatRoom", "lastExpiresAt")
    op.drop_column("ChatRoom", "messageTtlSeconds")
