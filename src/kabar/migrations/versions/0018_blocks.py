"""blocks"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import kabar.infra.db.base

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "KabarBlock",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("blockerId", sa.Text(), nullable=False),
        sa.Column("blockedId", sa.Text(), nullable=False),
        sa.Column("createdAt", kabar.infra.db.base.UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["blockedId"], ["User.id"], name=op.f("KabarBlock_blockedId_fkey"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["blockerId"], ["User.id"], name=op.f("KabarBlock_blockerId_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("KabarBlock_pkey")),
        sa.UniqueConstraint(
            "blockerId", "blockedId", name=op.f("KabarBlock_blockerId_blockedId_key")
        ),
    )
    op.create_index(
        op.f("KabarBlock_blockedId_blockerId_idx"),
        "KabarBlock",
        ["blockedId", "blockerId"],
        unique=False,
    )
    op.create_index(
        op.f("KabarBlock_blockerId_createdAt_id_idx"),
        "KabarBlock",
        ["blockerId", "createdAt", "id"],
        unique=False,
    )
    op.add_column(
        "ChatParticipant",
        sa.Column("foldsSome", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.create_index(
        "ChatParticipant_folding_idx",
        "ChatParticipant",
        ["userId"],
        sqlite_where=sa.text('"foldsSome" = 1'),
        postgresql_where=sa.text('"foldsSome"'),
    )
    op.add_column(
        "ChatRoom", sa.Column("isClosed", sa.Boolean(), server_default=sa.false(), nullable=False)
    )


def downgrade() -> None:
    op.drop_column("ChatRoom", "isClosed")
    op.drop_index("ChatParticipant_folding_idx", table_name="ChatParticipant")
    op.drop_column("ChatParticipant", "foldsSome")
    op.drop_index(op.f("KabarBlock_blockerId_createdAt_id_idx"), table_name="KabarBlock")
    op.drop_index(op.f("KabarBlock_blockedId_blockerId_idx"), table_name="KabarBlock")
    op.drop_table("KabarBlock")
