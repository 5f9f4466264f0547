"""parts of names, by which people are found"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from kabar.migrations.folding import write_name_parts

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "KabarNamePart",
        sa.Column(
            "part",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("userId", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["userId"], ["User.id"], name=op.f("KabarNamePart_userId_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("part", "userId", name=op.f("KabarNamePart_pkey")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("KabarNamePart_userId_idx"), "KabarNamePart", ["userId"])
    write_name_parts(op.get_bind())


def downgrade() -> None:
    op.drop_table("KabarNamePart")
