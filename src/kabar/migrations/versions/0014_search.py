"""stamps of messages, and the words by which they are found"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import kabar.infra.db.base

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

# The words are those that we made: what is not ASCII is never taken apart.
_FTS5 = (
    """
    CREATE VIRTUAL TABLE "KabarSearchWords" USING fts5(
        words, content='KabarSearchEntry', content_rowid='id',
        tokenize='ascii', detail='none', columnsize=0
    )
    """,
    """
    CREATE TRIGGER "KabarSearchEntry_insert" AFTER INSERT ON "KabarSearchEntry" BEGIN
        INSERT INTO "KabarSearchWords"(rowid, words) VALUES (new.id, new.words);
    END
    """,
    """
    CREATE TRIGGER "KabarSearchEntry_delete" AFTER DELETE ON "KabarSearchEntry" BEGIN
        INSERT INTO "KabarSearchWords"("KabarSearchWords", rowid, words)
        VALUES ('delete', old.id, old.words);
    END
    """,
    """
    CREATE TRIGGER "KabarSearchEntry_update" AFTER UPDATE OF words ON "KabarSearchEntry" BEGIN
        INSERT INTO "KabarSearchWords"("KabarSearchWords", rowid, words)
        VALUES ('delete', old.id, old.words);
        INSERT INTO "KabarSearchWords"(rowid, words) VALUES (new.id, new.words);
    END
    """,
)


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    op.add_column(
        "KabarClock",
        sa.Column("shift", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
    )
    op.add_column("KabarClock", sa.Column("cluster", sa.Text(), nullable=True))
    op.add_column(
        "Message", sa.Column("stamp", sa.BigInteger(), server_default=sa.text("0"), nullable=False)
    )
    op.create_index(
        op.f("Message_stamp_idx"),
        "Message",
        ["stamp"],
        unique=False,
        sqlite_where=sa.text("stamp > 0"),
        postgresql_where=sa.text("stamp > 0"),
    )
    op.create_table(
        "KabarSearchEntry",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(),
            nullable=False,
        ),
        sa.Column("roomId", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("createdAt", kabar.infra.db.base.UtcTime(), nullable=False),
        sa.Column("words", postgresql.TSVECTOR().with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["roomId", "seq"],
            ["Message.roomId", "Message.seq"],
            name=op.f("KabarSearchEntry_roomId_seq_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("KabarSearchEntry_pkey")),
    )
    op.create_index(
        "KabarSearchEntry_roomId_seq_key", "KabarSearchEntry", ["roomId", "seq"], unique=True
    )
    if is_sqlite:
        for statement in _FTS5:
            op.execute(statement)
    else:
        op.create_index(
            "KabarSearchEntry_words_idx",
            "KabarSearchEntry",
            ["words"],
            postgresql_using="gin",
            postgresql_with={"fastupdate": "off"},
        )
    op.create_table(
        "KabarSearchPosition",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("moment", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("KabarSearchPosition_pkey")),
    )
    op.execute("""INSERT INTO "KabarSearchPosition" ("id", "moment") VALUES (1, '[1, 1, [], 0]')""")
    op.create_table(
        "KabarSearchBacklog",
        sa.Column("roomId", sa.Text(), nullable=False),
        sa.Column("lastSeq", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["roomId"],
            ["ChatRoom.id"],
            name=op.f("KabarSearchBacklog_roomId_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("roomId", name=op.f("KabarSearchBacklog_pkey")),
    )
    op.execute(
        'INSERT INTO "KabarSearchBacklog" ("roomId", "lastSeq")'
        ' SELECT "id", "lastSeq" FROM "ChatRoom" WHERE "lastSeq" > 0'
    )


def downgrade() -> None:
    for name in ("Backlog", "Position"):
        op.drop_table(f"KabarSearch{name}")
    if op.get_bind().dialect.name == "sqlite":
        op.execute('DROP TABLE "KabarSearchWords"')
    op.drop_table("KabarSearchEntry")
    op.drop_index(op.f("Message_stamp_idx"), table_name="Message")
    op.drop_column("Message", "stamp")
    op.drop_column("KabarClock", "cluster")
    op.drop_column("KabarClock", "shift")
