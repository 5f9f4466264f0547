"""messages of the erased"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import kabar.infra.db.base

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "KabarErasedAuthor",
        sa.Column("userId", sa.Text(), nullable=False),
        sa.Column("erasedAt", kabar.infra.db.base.UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["userId"], ["User.id"], name=op.f("KabarErasedAuthor_userId_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("userId", name=op.f("KabarErasedAuthor_pkey")),
    )
    op.create_index(
        op.f("KabarErasedAuthor_erasedAt_userId_idx"),
        "KabarErasedAuthor",
        ["erasedAt", "userId"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_index(op.f("KabarErasedAuthor_erasedAt_userId_idx"), table_name="KabarErasedAuthor")
    op.drop_table("KabarErasedAuthor")
