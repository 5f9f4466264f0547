"""former usernames, and names that are found without their accents"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import kabar.infra.db.base
from kabar.migrations.folding import fold_names

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "KabarFormerUsername",
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("userId", sa.Text(), nullable=False),
        sa.Column("createdAt", kabar.infra.db.base.UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["userId"],
            ["User.id"],
            name=op.f("KabarFormerUsername_userId_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("username", name=op.f("KabarFormerUsername_pkey")),
    )
    with op.batch_alter_table("KabarFormerUsername", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("KabarFormerUsername_userId_idx"), ["userId"], unique=False
        )
    # How names are found has changed: their accents no longer matter.
    fold_names(op.get_bind())


def downgrade() -> None:
    op.drop_table("KabarFormerUsername")
