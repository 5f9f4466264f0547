"""names that are found as keyboards type them"""

from __future__ import annotations

from alembic import op

from kabar.migrations.folding import fold_names

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Apostrophes, hyphens, Arabic letters and kana no longer matter.
    fold_names(op.get_bind())


def downgrade() -> None:
    """What is found stays: the older version folds a name as soon as it is changed."""
