"""mentions"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "KabarMention",
        sa.Column("roomId", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("userId", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["roomId"], ["ChatRoom.id"], name=op.f("KabarMention_roomId_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("roomId", "seq", "userId", name=op.f("KabarMention_pkey")),
    )
    op.create_index(
        op.f("KabarMention_userId_roomId_seq_idx"),
        "KabarMention",
        ["userId", "roomId", "seq"],
        unique=False,
    )
    op.add_column(
        "ChatParticipant",
        sa.Column("lastMentionSeq", sa.Integer(), server_default=sa.text("0"), nullable=False),
    )
    op.create_index(
        "ChatParticipant_quieted_idx",
        "ChatParticipant",
        ["userId"],
        unique=False,
        sqlite_where=sa.text('("isMuted" = 1 OR notify <> \'all\' OR "archivedSeq" IS NOT NULL)'),
        postgresql_where=sa.text('("isMuted" OR notify <> \'all\' OR "archivedSeq" IS NOT NULL)'),
    )
    op.add_column(
        "ChatRoom",
        sa.Column("lastMentionSeq", sa.Integer(), server_default=sa.text("0"), nullable=False),
    )
    op.add_column("Message", sa.Column("mentions", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("Message", "mentions")
    op.drop_column("ChatRoom", "lastMentionSeq")
    op.drop_index(
        "ChatParticipant_quieted_idx",
        table_name="ChatParticipant",
        sqlite_where=sa.text('("isMuted" = 1 OR notify <> \'all\' OR "archivedSeq" IS NOT NULL)'),
        postgresql_where=sa.text('("isMuted" OR notify <> \'all\' OR "archivedSeq" IS NOT NULL)'),
    )
    op.drop_column("ChatParticipant", "lastMentionSeq")
    op.drop_index(op.f("KabarMention_userId_roomId_seq_idx"), table_name="KabarMention")
    op.drop_table("KabarMention")
