"""former words and hidden messages"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import kabar.infra.db.base

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "KabarHidden",
        sa.Column("userId", sa.Text(), nullable=False),
        sa.Column("roomId", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("isCounted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["roomId"], ["ChatRoom.id"], name=op.f("KabarHidden_roomId_fkey"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["userId"], ["User.id"], name=op.f("KabarHidden_userId_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("userId", "roomId", "seq", name=op.f("KabarHidden_pkey")),
    )
    op.create_index(
        op.f("KabarHidden_roomId_seq_idx"), "KabarHidden", ["roomId", "seq"], unique=False
    )
    op.create_table(
        "KabarEdit",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("messageId", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("editedAt", kabar.infra.db.base.UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["messageId"], ["Message.id"], name=op.f("KabarEdit_messageId_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("KabarEdit_pkey")),
    )
    op.create_index(
        op.f("KabarEdit_messageId_editedAt_id_idx"),
        "KabarEdit",
        ["messageId", "editedAt", "id"],
        unique=False,
    )
    op.add_column(
        "ChatParticipant",
        sa.Column("hiddenCount", sa.Integer(), server_default=sa.text("0"), nullable=False),
    )
    op.add_column(
        "ChatParticipant",
        sa.Column("lastHiddenSeq", sa.Integer(), server_default=sa.text("0"), nullable=False),
    )


def downgrade() -> None:
    op.drop_column("ChatParticipant", "lastHiddenSeq")
    op.drop_column("ChatParticipant", "hiddenCount")
    op.drop_index(op.f("KabarEdit_messageId_editedAt_id_idx"), table_name="KabarEdit")
    op.drop_table("KabarEdit")
    op.drop_index(op.f("KabarHidden_roomId_seq_idx"), table_name="KabarHidden")
    op.drop_table("KabarHidden")
