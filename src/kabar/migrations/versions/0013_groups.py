"""groups: roles, roads into them, rules, system messages"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import kabar.infra.db.base

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_UNCOUNTED = sa.text('("deletedAt" IS NOT NULL OR happening IS NOT NULL)')
_DELETED = sa.text('"deletedAt" IS NOT NULL')
_STAFF = sa.text("role <> 'member'")


def upgrade() -> None:
    op.create_table(
        "KabarInvite",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("roomId", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("createdBy", sa.Text(), nullable=False),
        sa.Column("createdAt", kabar.infra.db.base.UtcTime(), nullable=False),
        sa.Column("expiresAt", kabar.infra.db.base.UtcTime(), nullable=True),
        sa.Column("maxUses", sa.Integer(), nullable=True),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["createdBy"], ["User.id"], name=op.f("KabarInvite_createdBy_fkey"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["roomId"], ["ChatRoom.id"], name=op.f("KabarInvite_roomId_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("KabarInvite_pkey")),
        sa.UniqueConstraint("code", name=op.f("KabarInvite_code_key")),
    )
    op.create_index(op.f("KabarInvite_createdBy_idx"), "KabarInvite", ["createdBy"], unique=False)
    op.create_index(
        op.f("KabarInvite_roomId_createdAt_id_idx"),
        "KabarInvite",
        ["roomId", "createdAt", "id"],
        unique=False,
    )
    op.create_table(
        "KabarJoinRequest",
        sa.Column("roomId", sa.Text(), nullable=False),
        sa.Column("userId", sa.Text(), nullable=False),
        sa.Column("createdAt", kabar.infra.db.base.UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["roomId"],
            ["ChatRoom.id"],
            name=op.f("KabarJoinRequest_roomId_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["userId"], ["User.id"], name=op.f("KabarJoinRequest_userId_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("roomId", "userId", name=op.f("KabarJoinRequest_pkey")),
    )
    op.create_index(
        op.f("KabarJoinRequest_roomId_createdAt_userId_idx"),
        "KabarJoinRequest",
        ["roomId", "createdAt", "userId"],
        unique=False,
    )
    op.create_index(
        op.f("KabarJoinRequest_userId_idx"), "KabarJoinRequest", ["userId"], unique=False
    )
    op.create_table(
        "KabarRoomBan",
        sa.Column("roomId", sa.Text(), nullable=False),
        sa.Column("userId", sa.Text(), nullable=False),
        sa.Column("byId", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("until", kabar.infra.db.base.UtcTime(), nullable=True),
        sa.Column("createdAt", kabar.infra.db.base.UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["roomId"], ["ChatRoom.id"], name=op.f("KabarRoomBan_roomId_fkey"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["userId"], ["User.id"], name=op.f("KabarRoomBan_userId_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("roomId", "userId", name=op.f("KabarRoomBan_pkey")),
    )
    op.create_index(
        op.f("KabarRoomBan_roomId_createdAt_userId_idx"),
        "KabarRoomBan",
        ["roomId", "createdAt", "userId"],
        unique=False,
    )
    op.create_index(op.f("KabarRoomBan_userId_idx"), "KabarRoomBan", ["userId"], unique=False)
    op.add_column(
        "ChatParticipant", sa.Column("roleAt", kabar.infra.db.base.UtcTime(), nullable=True)
    )
    op.add_column(
        "ChatParticipant", sa.Column("lastSentAt", kabar.infra.db.base.UtcTime(), nullable=True)
    )
    op.create_index(
        "ChatParticipant_staff_idx",
        "ChatParticipant",
        ["roomId"],
        unique=False,
        sqlite_where=_STAFF,
        postgresql_where=_STAFF,
    )
    op.add_column(
        "ChatRoom",
        sa.Column("lastSaidSeq", sa.Integer(), server_default=sa.text("0"), nullable=False),
    )
    # Until now everything was said by people.
    op.execute('UPDATE "ChatRoom" SET "lastSaidSeq" = "lastSeq"')
    op.add_column("ChatRoom", sa.Column("description", sa.Text(), nullable=True))
    op.add_column(
        "ChatRoom",
        sa.Column("joinRule", sa.Text(), server_default=sa.text("'invite'"), nullable=False),
    )
    op.add_column(
        "ChatRoom",
        sa.Column("isAnnouncement", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.add_column(
        "ChatRoom",
        sa.Column("slowModeSeconds", sa.Integer(), server_default=sa.text("0"), nullable=False),
    )
    op.add_column("Message", sa.Column("happening", sa.Text(), nullable=True))
    op.add_column("Message", sa.Column("subjectId", sa.Text(), nullable=True))
    op.add_column("Message", sa.Column("subjectsCount", sa.Integer(), nullable=True))
    op.drop_index(
        op.f("Message_deleted_idx"),
        table_name="Message",
        sqlite_where=_DELETED,
        postgresql_where=_DELETED,
    )
    op.create_index(
        "Message_uncounted_idx",
        "Message",
        ["roomId", "seq"],
        unique=False,
        sqlite_where=_UNCOUNTED,
        postgresql_where=_UNCOUNTED,
    )


def downgrade() -> None:
    op.drop_index(
        "Message_uncounted_idx",
        table_name="Message",
        sqlite_where=_UNCOUNTED,
        postgresql_where=_UNCOUNTED,
    )
    op.create_index(
        op.f("Message_deleted_idx"),
        "Message",
        ["roomId", "seq"],
        unique=False,
        sqlite_where=_DELETED,
        postgresql_where=_DELETED,
    )
    op.drop_column("Message", "subjectsCount")
    op.drop_column("Message", "subjectId")
    op.drop_column("Message", "happening")
    op.drop_column("ChatRoom", "slowModeSeconds")
    op.drop_column("ChatRoom", "isAnnouncement")
    op.drop_column("ChatRoom", "joinRule")
    op.drop_column("ChatRoom", "description")
    op.drop_column("ChatRoom", "lastSaidSeq")
    op.drop_index(
        "ChatParticipant_staff_idx",
        table_name="ChatParticipant",
        sqlite_where=_STAFF,
        postgresql_where=_STAFF,
    )
    op.drop_column("ChatParticipant", "lastSentAt")
    op.drop_column("ChatParticipant", "roleAt")
    op.drop_index(op.f("KabarRoomBan_userId_idx"), table_name="KabarRoomBan")
    op.drop_index(op.f("KabarRoomBan_roomId_createdAt_userId_idx"), table_name="KabarRoomBan")
    op.drop_table("KabarRoomBan")
    op.drop_index(op.f("KabarJoinRequest_userId_idx"), table_name="KabarJoinRequest")
    op.drop_index(
        op.f("KabarJoinRequest_roomId_createdAt_userId_idx"), table_name="KabarJoinRequest"
    )
    op.drop_table("KabarJoinRequest")
    op.drop_index(op.f("KabarInvite_roomId_createdAt_id_idx"), table_name="KabarInvite")
    op.drop_index(op.f("KabarInvite_createdBy_idx"), table_name="KabarInvite")
    op.drop_table("KabarInvite")
