"""applications with keys"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import kabar.infra.db.base

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "KabarApiKey",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("keyHash", sa.Text(), nullable=False),
        sa.Column("may", sa.Text(), nullable=False),
        sa.Column("createdAt", kabar.infra.db.base.UtcTime(), nullable=False),
        sa.Column("lastUsedAt", kabar.infra.db.base.UtcTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("KabarApiKey_pkey")),
        sa.UniqueConstraint("keyHash", name=op.f("KabarApiKey_keyHash_key")),
    )
    op.add_column(
        "KabarToken", sa.Column("expiresAt", kabar.infra.db.base.UtcTime(), nullable=True)
    )
    op.add_column("KabarToken", sa.Column("keyId", sa.Text(), nullable=True))
    op.create_index(
        "KabarToken_expiresAt_idx",
        "KabarToken",
        ["expiresAt"],
        unique=False,
        sqlite_where=sa.text('"expiresAt" IS NOT NULL'),
        postgresql_where=sa.text('"expiresAt" IS NOT NULL'),
    )
    op.create_index(
        "KabarToken_keyId_idx",
        "KabarToken",
        ["keyId"],
        unique=False,
        sqlite_where=sa.text('"keyId" IS NOT NULL'),
        postgresql_where=sa.text('"keyId" IS NOT NULL'),
    )
    op.add_column(
        "User", sa.Column("isBot", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.add_column("User", sa.Column("erasedAt", kabar.infra.db.base.UtcTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("User", "erasedAt")
    op.drop_column("User", "isBot")
    op.drop_index(
        "KabarToken_keyId_idx",
        table_name="KabarToken",
        sqlite_where=sa.text('"keyId" IS NOT NULL'),
        postgresql_where=sa.text('"keyId" IS NOT NULL'),
    )
    op.drop_index(
        "KabarToken_expiresAt_idx",
        table_name="KabarToken",
        sqlite_where=sa.text('"expiresAt" IS NOT NULL'),
        postgresql_where=sa.text('"expiresAt" IS NOT NULL'),
    )
    op.drop_column("KabarToken", "keyId")
    op.drop_column("KabarToken", "expiresAt")
    op.drop_table("KabarApiKey")
