"""who may follow, and see follows"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name, default in (
        ("acceptsFollows", sa.true()),
        ("hideFollows", sa.false()),
        ("hideCounts", sa.false()),
    ):
        column: sa.Column[bool] = sa.Column(
            name, sa.Boolean(), server_default=default, nullable=False
        )
        op.add_column("User", column)


def downgrade() -> None:
    for name in ("hideCounts", "hideFollows", "acceptsFollows"):
        op.drop_column("User", name)
