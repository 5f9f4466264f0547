"""counts of groups"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "KabarGroupsOf",
        sa.Column("userId", sa.Text(), nullable=False),
        sa.Column("groups", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["userId"], ["User.id"], name=op.f("KabarGroupsOf_userId_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("userId", name=op.f("KabarGroupsOf_pkey")),
    )
    op.execute(
        'INSERT INTO "KabarGroupsOf" ("userId", "groups") SELECT "userId", count(*)'
        ' FROM "ChatParticipant" JOIN "ChatRoom" ON "ChatRoom"."id" = "roomId"'
        """ WHERE "type" = 'GROUP' GROUP BY "userId" """
    )


def downgrade() -> None:
    op.drop_table("KabarGroupsOf")
