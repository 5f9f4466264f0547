"""requests to follow"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import kabar.infra.db.base

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "FollowRequest",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("requesterId", sa.Text(), nullable=False),
        sa.Column("targetId", sa.Text(), nullable=False),
        sa.Column("createdAt", kabar.infra.db.base.UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["requesterId"],
            ["User.id"],
            name=op.f("FollowRequest_requesterId_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["targetId"], ["User.id"], name=op.f("FollowRequest_targetId_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("FollowRequest_pkey")),
        sa.UniqueConstraint(
            "requesterId", "targetId", name=op.f("FollowRequest_requesterId_targetId_key")
        ),
    )
    op.create_index(
        op.f("FollowRequest_requesterId_createdAt_id_idx"),
        "FollowRequest",
        ["requesterId", "createdAt", "id"],
        unique=False,
    )
    op.create_index(
        op.f("FollowRequest_targetId_createdAt_id_idx"),
        "FollowRequest",
        ["targetId", "createdAt", "id"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_index(op.f("FollowRequest_targetId_createdAt_id_idx"), table_name="FollowRequest")
    op.drop_index(op.f("FollowRequest_requesterId_createdAt_id_idx"), table_name="FollowRequest")
    op.drop_table("FollowRequest")
