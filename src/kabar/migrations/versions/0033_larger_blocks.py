"""larger blocks of search: all words are written down anew, soon"""

from __future__ import annotations

from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _write_anew()


def downgrade() -> None:
    _write_anew()


def _write_anew() -> None:
    op.execute('DELETE FROM "KabarSearchEntry"')
    op.execute('DELETE FROM "KabarSearchBacklog"')
    op.execute(
        'INSERT INTO "KabarSearchBacklog" ("roomId", "lastSeq")'
        ' SELECT id, "lastSeq" FROM "ChatRoom" WHERE "lastSeq" > 0'
    )
