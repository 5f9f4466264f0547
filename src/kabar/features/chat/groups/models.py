"""The tables of groups: roads that lead into them, and who may not come in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from kabar.infra.db.base import Base, UtcTime


class Invite(Base):
    """A link that lets people in, up to a time and so many of them."""

    __tablename__ = "KabarInvite"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    room_id: Mapped[str] = mapped_column(
        "roomId", ForeignKey("ChatRoom.id", ondelete="CASCADE"), key="room_id"
    )
    #: what the link holds; shown again to those who may invite
    code: Mapped[str] = mapped_column(Text, unique=True)
    created_by: Mapped[str] = mapped_column(
        "createdBy", ForeignKey("User.id", ondelete="CASCADE"), key="created_by"
    )
    created_at: Mapped[datetime] = mapped_column("createdAt", UtcTime, key="created_at")
    expires_at: Mapped[datetime | None] = mapped_column("expiresAt", UtcTime, key="expires_at")
    #: None: as many as like
    max_uses: Mapped[int | None] = mapped_column("maxUses", key="max_uses")
    uses: Mapped[int]

    __table_args__ = (Index(None, "room_id", "created_at", "id"), Index(None, "created_by"))


class JoinRequest(Base):
    """Somebody asks to come into a group. The row goes with the answer."""

    __tablename__ = "KabarJoinRequest"

    room_id: Mapped[str] = mapped_column(
        "roomId", ForeignKey("ChatRoom.id", ondelete="CASCADE"), key="room_id", primary_key=True
    )
    user_id: Mapped[str] = mapped_column(
        "userId", ForeignKey("User.id", ondelete="CASCADE"), key="user_id", primary_key=True
    )
    created_at: Mapped[datetime] = mapped_column("createdAt", UtcTime, key="created_at")

    __table_args__ = (Index(None, "room_id", "created_at", "user_id"), Index(None, "user_id"))


class RoomBan(Base):
    """Somebody may not come into a group, on any road, until then or for ever."""

    __tablename__ = "KabarRoomBan"

    room_id: Mapped[str] = mapped_column(
        "roomId", ForeignKey("ChatRoom.id", ondelete="CASCADE"), key="room_id", primary_key=True
    )
    user_id: Mapped[str] = mapped_column(
        "userId", ForeignKey("User.id", ondelete="CASCADE"), key="user_id", primary_key=True
    )
    by_id: Mapped[str] = mapped_column("byId", Text, key="by_id")
    reason: Mapped[str | None] = mapped_column(Text)
    until: Mapped[datetime | None] = mapped_column(UtcTime)
    created_at: Mapped[datetime] = mapped_column("createdAt", UtcTime, key="created_at")

    __table_args__ = (Index(None, "room_id", "created_at", "user_id"), Index(None, "user_id"))


class GroupsOf(Base):
    """In how many groups somebody is; no row: in none."""

    __tablename__ = "KabarGroupsOf"

    user_id: Mapped[str] = mapped_column(
        "userId", ForeignKey("User.id", ondelete="CASCADE"), key="user_id", primary_key=True
    )
    groups: Mapped[int]
