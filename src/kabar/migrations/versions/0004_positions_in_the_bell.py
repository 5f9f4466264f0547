"""positions in the bell"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import kabar.infra.db.base

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Columns are added in place. Alembic's batches make a table anew on SQLite and drop the old
    # one: whatever refers to it ON DELETE CASCADE would go with it.
    op.create_table(
        "KabarClock",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("commits", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("KabarClock_pkey")),
    )
    op.create_table(
        "KabarDeleted",
        sa.Column("roomId", sa.Text(), nullable=False),
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("block", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["roomId"], ["ChatRoom.id"], name=op.f("KabarDeleted_roomId_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("roomId", "level", "block", name=op.f("KabarDeleted_pkey")),
    )
    op.add_column(
        "ChatParticipant",
        sa.Column("toldSeq", sa.Integer(), server_default=sa.text("0"), nullable=False),
    )
    op.add_column(
        "ChatParticipant", sa.Column("toldAt", kabar.infra.db.base.UtcTime(), nullable=True)
    )
    op.add_column(
        "ChatParticipant",
        sa.Column("bellSeenSeq", sa.Integer(), server_default=sa.text("0"), nullable=False),
    )
    op.add_column(
        "ChatParticipant", sa.Column("bellSeenAt", kabar.infra.db.base.UtcTime(), nullable=True)
    )
    op.add_column(
        "ChatParticipant",
        sa.Column("bellReadSeq", sa.Integer(), server_default=sa.text("0"), nullable=False),
    )
    op.add_column(
        "ChatParticipant", sa.Column("bellReadAt", kabar.infra.db.base.UtcTime(), nullable=True)
    )
    op.add_column(
        "ChatParticipant",
        sa.Column("bellHiddenSeq", sa.Integer(), server_default=sa.text("0"), nullable=False),
    )
    op.add_column(
        "ChatParticipant", sa.Column("bellArchivedAt", kabar.infra.db.base.UtcTime(), nullable=True)
    )
    op.add_column(
        "ChatParticipant",
        sa.Column("bellIsUnread", sa.Boolean(), server_default=sa.false(), nullable=False),
    )

    op.add_column(
        "ChatRoom",
        sa.Column("participantsVersion", sa.Integer(), server_default=sa.text("0"), nullable=False),
    )
    op.add_column(
        "ChatRoom",
        sa.Column("deletedCount", sa.Integer(), server_default=sa.text("0"), nullable=False),
    )
    op.add_column(
        "ChatRoom",
        sa.Column("lastDeletedSeq", sa.Integer(), server_default=sa.text("0"), nullable=False),
    )

    op.create_index(
        "Notification_archived_idx",
        "Notification",
        ["userId", "updatedAt", "id"],
        unique=False,
        sqlite_where=sa.text('"archivedAt" IS NOT NULL'),
        postgresql_where=sa.text('"archivedAt" IS NOT NULL'),
    )

    for statement in _WHAT_IS_THERE:
        op.execute(sa.text(statement))


# Deletions are counted in blocks from now on. Entries of rooms become positions of participants:
# what was shown goes on being shown, and what was not (a muted or a large room, an entry that was
# removed) is not shown until something new is said.
_WHAT_IS_THERE = (
    """INSERT INTO "KabarClock" ("id", "commits") VALUES (1, 0)""",
    """INSERT INTO "KabarDeleted" ("roomId", "level", "block", "count")
       SELECT "roomId", 1, "seq" >> 6, count(*) FROM "Message" WHERE "deletedAt" IS NOT NULL
       GROUP BY 1, 2, 3""",
    """INSERT INTO "KabarDeleted" ("roomId", "level", "block", "count")
       SELECT "roomId", 2, "seq" >> 12, count(*) FROM "Message" WHERE "deletedAt" IS NOT NULL
       GROUP BY 1, 2, 3""",
    """UPDATE "ChatRoom" SET "deletedCount" = found."many", "lastDeletedSeq" = found."last"
       FROM (SELECT "roomId", count(*) AS "many", max("seq") AS "last" FROM "Message"
             WHERE "deletedAt" IS NOT NULL GROUP BY "roomId") AS found
       WHERE found."roomId" = "ChatRoom"."id" """,
    """UPDATE "ChatParticipant" SET "bellHiddenSeq" = "ChatRoom"."lastSeq" FROM "ChatRoom"
       WHERE "ChatRoom"."id" = "ChatParticipant"."roomId" """,
    """UPDATE "ChatParticipant" SET
         "toldSeq" = told."seq",
         "toldAt" = told."updatedAt",
         "bellSeenSeq" = CASE WHEN told."seenAt" IS NULL THEN 0 ELSE told."seq" END,
         "bellSeenAt" = told."seenAt",
         "bellReadSeq" = CASE WHEN told."readAt" IS NULL THEN 0 ELSE told."seq" END,
         "bellReadAt" = told."readAt",
         "bellHiddenSeq" = CASE WHEN told."archivedAt" IS NULL THEN 0 ELSE told."seq" END,
         "bellArchivedAt" = told."archivedAt",
         "bellIsUnread" = (told."readAt" IS NULL AND "ChatParticipant"."lastReadSeq" >= told."seq")
       FROM (SELECT "Notification".*, "Message"."seq", "Message"."roomId" FROM "Notification"
             JOIN "Message" ON "Message"."id" = "Notification"."subjectId"
             WHERE "Notification"."type" = 'new-message') AS told
       WHERE told."roomId" = "ChatParticipant"."roomId"
         AND told."userId" = "ChatParticipant"."userId" """,
    """DELETE FROM "Notification" WHERE "type" = 'new-message'""",
    # What these had to do is derived now.
    """DELETE FROM "KabarOutbox"
       WHERE "consumer" LIKE '%notifications.message_handlers.%'""",
)


def downgrade() -> None:
    op.drop_index(
        "Notification_archived_idx",
        "Notification",
        sqlite_where=sa.text('"archivedAt" IS NOT NULL'),
        postgresql_where=sa.text('"archivedAt" IS NOT NULL'),
    )

    op.drop_column("ChatRoom", "lastDeletedSeq")
    op.drop_column("ChatRoom", "deletedCount")
    op.drop_column("ChatRoom", "participantsVersion")

    op.drop_column("ChatParticipant", "bellIsUnread")
    op.drop_column("ChatParticipant", "bellArchivedAt")
    op.drop_column("ChatParticipant", "bellHiddenSeq")
    op.drop_column("ChatParticipant", "bellReadAt")
    op.drop_column("ChatParticipant", "bellReadSeq")
    op.drop_column("ChatParticipant", "bellSeenAt")
    op.drop_column("ChatParticipant", "bellSeenSeq")
    op.drop_column("ChatParticipant", "toldAt")
    op.drop_column("ChatParticipant", "toldSeq")

    op.drop_table("KabarDeleted")
    op.drop_table("KabarClock")
