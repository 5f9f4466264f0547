"""files that wait"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "KabarHeldUpload",
        sa.Column("uploadId", sa.Text(), nullable=False),
        sa.Column("scheduledId", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["scheduledId"],
            ["KabarScheduledMessage.id"],
            name=op.f("KabarHeldUpload_scheduledId_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["uploadId"],
            ["KabarUpload.id"],
            name=op.f("KabarHeldUpload_uploadId_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("uploadId", name=op.f("KabarHeldUpload_pkey")),
    )
    op.create_index(
        op.f("KabarHeldUpload_scheduledId_idx"), "KabarHeldUpload", ["scheduledId"], unique=False
    )
    op.add_column("KabarScheduledMessage", sa.Column("attachments", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("KabarScheduledMessage", "attachments")
    op.drop_index(op.f("KabarHeldUpload_scheduledId_idx"), table_name="KabarHeldUpload")
    op.drop_table("KabarHeldUpload")
