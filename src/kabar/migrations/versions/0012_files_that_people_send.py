"""files that people send"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import kabar.infra.db.base

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "KabarUploadUsage",
        sa.Column("userId", sa.Text(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["userId"], ["User.id"], name=op.f("KabarUploadUsage_userId_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("userId", name=op.f("KabarUploadUsage_pkey")),
    )
    op.create_table(
        "KabarUpload",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("ownerId", sa.Text(), nullable=True),
        sa.Column("messageId", sa.Text(), nullable=True),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("mediaType", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("storedSize", sa.BigInteger(), nullable=False),
        sa.Column("thumbnailSize", sa.BigInteger(), nullable=True),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("dueAt", kabar.infra.db.base.UtcTime(), nullable=False),
        sa.Column("createdAt", kabar.infra.db.base.UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["messageId"],
            ["Message.id"],
            name=op.f("KabarUpload_messageId_fkey"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["ownerId"], ["User.id"], name=op.f("KabarUpload_ownerId_fkey"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("KabarUpload_pkey")),
    )
    op.create_index(
        "KabarUpload_due_idx",
        "KabarUpload",
        ["dueAt"],
        unique=False,
        sqlite_where=sa.text("\"state\" IN ('waiting', 'released')"),
        postgresql_where=sa.text("\"state\" IN ('waiting', 'released')"),
    )
    op.create_index(op.f("KabarUpload_file_idx"), "KabarUpload", ["file"], unique=False)
    op.create_index(op.f("KabarUpload_messageId_idx"), "KabarUpload", ["messageId"], unique=False)
    op.create_index(op.f("KabarUpload_ownerId_idx"), "KabarUpload", ["ownerId"], unique=False)
    op.create_index(
        "KabarUpload_unused_idx",
        "KabarUpload",
        ["createdAt"],
        unique=False,
        sqlite_where=sa.text('"messageId" IS NULL'),
        postgresql_where=sa.text('"messageId" IS NULL'),
    )
    op.add_column("Message", sa.Column("attachments", sa.Text(), nullable=True))
    op.create_index(
        "Message_attachments_idx",
        "Message",
        ["roomId", "seq"],
        unique=False,
        sqlite_where=sa.text('"attachments" IS NOT NULL'),
        postgresql_where=sa.text('"attachments" IS NOT NULL'),
    )


def downgrade() -> None:
    op.drop_index(
        "Message_attachments_idx",
        table_name="Message",
        sqlite_where=sa.text('"attachments" IS NOT NULL'),
        postgresql_where=sa.text('"attachments" IS NOT NULL'),
    )
    op.drop_column("Message", "attachments")
    op.drop_index(
        "KabarUpload_unused_idx",
        table_name="KabarUpload",
        sqlite_where=sa.text('"messageId" IS NULL'),
        postgresql_where=sa.text('"messageId" IS NULL'),
    )
    op.drop_index(op.f("KabarUpload_ownerId_idx"), table_name="KabarUpload")
    op.drop_index(op.f("KabarUpload_messageId_idx"), table_name="KabarUpload")
    op.drop_index(op.f("KabarUpload_file_idx"), table_name="KabarUpload")
    op.drop_index(
        "KabarUpload_due_idx",
        table_name="KabarUpload",
        sqlite_where=sa.text("\"state\" IN ('waiting', 'released')"),
        postgresql_where=sa.text("\"state\" IN ('waiting', 'released')"),
    )
    op.drop_table("KabarUpload")
    op.drop_table("KabarUploadUsage")
