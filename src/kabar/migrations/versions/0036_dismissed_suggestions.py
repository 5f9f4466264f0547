"""dismissed suggestions"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import kabar.infra.db.base

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "KabarDismissal",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("userId", sa.Text(), nullable=False),
        sa.Column("dismissedId", sa.Text(), nullable=False),
        sa.Column("createdAt", kabar.infra.db.base.UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dismissedId"],
            ["User.id"],
            name=op.f("KabarDismissal_dismissedId_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["userId"], ["User.id"], name=op.f("KabarDismissal_userId_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("KabarDismissal_pkey")),
        sa.UniqueConstraint(
            "userId", "dismissedId", name=op.f("KabarDismissal_userId_dismissedId_key")
        ),
    )
    op.create_index(
        op.f("KabarDismissal_dismissedId_idx"), "KabarDismissal", ["dismissedId"], unique=False
    )
    op.create_index(
        op.f("KabarDismissal_userId_createdAt_id_idx"),
        "KabarDismissal",
        ["userId", "createdAt", "id"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_index(op.f("KabarDismissal_userId_createdAt_id_idx"), table_name="KabarDismissal")
    op.drop_index(op.f("KabarDismissal_dismissedId_idx"), table_name="KabarDismissal")
    op.drop_table("KabarDismissal")
