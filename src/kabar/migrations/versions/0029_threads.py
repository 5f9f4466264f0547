"""threads"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import kabar.infra.db.base

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_FORMER_UNCOUNTED = '("deletedAt" IS NOT NULL OR happening IS NOT NULL)'
_UNCOUNTED = '("deletedAt" IS NOT NULL OR happening IS NOT NULL OR "threadId" IS NOT NULL)'
#: partial indexes of messages: what is in each, and by what it is found
_INDEXES = {
    "Message_uncounted_idx": (_UNCOUNTED, "roomId"),
    "Message_list_idx": ('"threadId" IS NULL', "roomId"),
    "Message_thread_idx": ('"threadId" IS NOT NULL', "threadId"),
    "Message_thread_deleted_idx": (
        '"threadId" IS NOT NULL AND "deletedAt" IS NOT NULL',
        "threadId",
    ),
}


def upgrade() -> None:
    op.create_table(
        "KabarThreadFollower",
        sa.Column("threadId", sa.Text(), nullable=False),
        sa.Column("userId", sa.Text(), nullable=False),
        sa.Column("roomId", sa.Text(), nullable=False),
        sa.Column("lastReadSeq", sa.Integer(), nullable=False),
        sa.Column("lastReadNumber", sa.Integer(), nullable=False),
        sa.Column("lastReadAt", kabar.infra.db.base.UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["threadId"],
            ["Message.id"],
            name=op.f("KabarThreadFollower_threadId_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["userId"],
            ["User.id"],
            name=op.f("KabarThreadFollower_userId_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("threadId", "userId", name=op.f("KabarThreadFollower_pkey")),
    )
    op.create_index(
        op.f("KabarThreadFollower_userId_roomId_idx"),
        "KabarThreadFollower",
        ["userId", "roomId"],
        unique=False,
    )
    op.add_column("Message", sa.Column("threadId", sa.Text(), nullable=True))
    op.add_column("Message", sa.Column("threadNumber", sa.Integer(), nullable=True))
    for name in ("lastReplyNumber", "repliesCount"):
        op.add_column(
            "Message", sa.Column(name, sa.Integer(), server_default=sa.text("0"), nullable=False)
        )
    op.add_column("Message", sa.Column("lastReplyAt", kabar.infra.db.base.UtcTime(), nullable=True))
    op.add_column("KabarScheduledMessage", sa.Column("threadId", sa.Text(), nullable=True))
    op.drop_index("Message_uncounted_idx", table_name="Message")
    for name, (where, found_by) in _INDEXES.items():
        _create_index(name, where, found_by)


def downgrade() -> None:
    for name in _INDEXES:
        op.drop_index(name, table_name="Message")
    _create_index("Message_uncounted_idx", _FORMER_UNCOUNTED, "roomId")
    op.drop_column("KabarScheduledMessage", "threadId")
    for name in ("lastReplyAt", "repliesCount", "lastReplyNumber", "threadNumber", "threadId"):
        op.drop_column("Message", name)
    op.drop_index(op.f("KabarThreadFollower_userId_roomId_idx"), table_name="KabarThreadFollower")
    op.drop_table("KabarThreadFollower")


def _create_index(name: str, where: str, found_by: str) -> None:
    condition = sa.text(where)
    op.create_index(
        name,
        "Message",
        [found_by, "seq"],
        unique=False,
        sqlite_where=condition,
        postgresql_where=condition,
    )
