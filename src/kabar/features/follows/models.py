"""The tables of follows: who follows whom, who asks to, and who blocks whom."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kabar.infra.db.base import Base, UtcTime


class Follow(Base):
    """One user follows another."""

    __tablename__ = "Follow"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    follower_id: Mapped[str] = mapped_column(
        "followerId", ForeignKey("User.id", ondelete="CASCADE"), key="follower_id"
    )
    following_id: Mapped[str] = mapped_column(
        "followingId", ForeignKey("User.id", ondelete="CASCADE"), key="following_id"
    )
    created_at: Mapped[datetime] = mapped_column("createdAt", UtcTime, key="created_at")

    __table_args__ = (
        UniqueConstraint("follower_id", "following_id"),
        # the two lists, newest first
        Index(None, "follower_id", "created_at", "id"),
        Index(None, "following_id", "created_at", "id"),
    )


class FollowRequest(Base):
    """One user asks to follow another, whose account is private."""

    __tablename__ = "FollowRequest"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    requester_id: Mapped[str] = mapped_column(
        "requesterId", ForeignKey("User.id", ondelete="CASCADE"), key="requester_id"
    )
    target_id: Mapped[str] = mapped_column(
        "targetId", ForeignKey("User.id", ondelete="CASCADE"), key="target_id"
    )
    created_at: Mapped[datetime] = mapped_column("createdAt", UtcTime, key="created_at")

    __table_args__ = (
        UniqueConstraint("requester_id", "target_id"),
        # the lists of both directions, newest first
        Index(None, "requester_id", "created_at", "id"),
        Index(None, "target_id", "created_at", "id"),
    )


class Block(Base):
    """One user wants to have nothing to do with another."""

    __tablename__ = "KabarBlock"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    blocker_id: Mapped[str] = mapped_column(
        "blockerId", ForeignKey("User.id", ondelete="CASCADE"), key="blocker_id"
    )
    blocked_id: Mapped[str] = mapped_column(
        "blockedId", ForeignKey("User.id", ondelete="CASCADE"), key="blocked_id"
    )
    created_at: Mapped[datetime] = mapped_column("createdAt", UtcTime, key="created_at")

    __table_args__ = (
        UniqueConstraint("blocker_id", "blocked_id"),
        # the list, newest first
        Index(None, "blocker_id", "created_at", "id"),
        Index(None, "blocked_id", "blocker_id"),
    )
