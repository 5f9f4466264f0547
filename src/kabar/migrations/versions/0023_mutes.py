"""mutes"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import kabar.infra.db.base

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "KabarMute",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("muterId", sa.Text(), nullable=False),
        sa.Column("mutedId", sa.Text(), nullable=False),
        sa.Column("until", kabar.infra.db.base.UtcTime(), nullable=True),
        sa.Column("createdAt", kabar.infra.db.base.UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mutedId"], ["User.id"], name=op.f("KabarMute_mutedId_fkey"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["muterId"], ["User.id"], name=op.f("KabarMute_muterId_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("KabarMute_pkey")),
        sa.UniqueConstraint("muterId", "mutedId", name=op.f("KabarMute_muterId_mutedId_key")),
    )
    op.create_index(
        op.f("KabarMute_mutedId_muterId_idx"), "KabarMute", ["mutedId", "muterId"], unique=False
    )
    op.create_index(
        op.f("KabarMute_muterId_createdAt_id_idx"),
        "KabarMute",
        ["muterId", "createdAt", "id"],
        unique=False,
    )
    op.add_column(
        "ChatParticipant",
        sa.Column("mutesSome", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.create_index(
        "ChatParticipant_muting_idx",
        "ChatParticipant",
        ["userId"],
        unique=False,
        sqlite_where=sa.text('"mutesSome" = 1'),
        postgresql_where=sa.text('"mutesSome"'),
    )


def downgrade() -> None:
    op.drop_index("ChatParticipant_muting_idx", table_name="ChatParticipant")
    op.drop_column("ChatParticipant", "mutesSome")
    op.drop_index(op.f("KabarMute_muterId_createdAt_id_idx"), table_name="KabarMute")
    op.drop_index(op.f("KabarMute_mutedId_muterId_idx"), table_name="KabarMute")
    op.drop_table("KabarMute")
