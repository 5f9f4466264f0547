"""The tables of follows: who follows whom, asks to, blocks, mutes, or wants no advice."""

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


class Mute(Base):
    """One user wants to be told nothing of another, who does not know; see decision 43."""

    __tablename__ = "KabarMute"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    muter_id: Mapped[str] = mapped_column(
        "muterId", ForeignKey("User.id", ondelete="CASCADE"), key="muter_id"
    )
    muted_id: Mapped[str] = mapped_column(
        "mutedId", ForeignKey("User.id", ondelete="CASCADE"), key="muted_id"
    )
    #: from then on it is as if there were no such row; None: until it is taken back
    until: Mapped[datetime | None] = mapped_column(UtcTime)
    created_at: Mapped[datetime] = mapped_column("createdAt", UtcTime, key="created_at")

    __table_args__ = (
        UniqueConstraint("muter_id", "muted_id"),
        # the list, newest first
        Index(None, "muter_id", "created_at", "id"),
        Index(None, "muted_id", "muter_id"),
    )


class Dismissal(Base):
    """One user wants no longer to be advised to follow another."""

    __tablename__ = "KabarDismissal"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    user_id: Mapped[str] = mapped_column(
        "userId", ForeignKey("User.id", ondelete="CASCADE"), key="user_id"
    )
    dismissed_id: Mapped[str] = mapped_column(
        "dismissedId", ForeignKey("User.id", ondelete="CASCADE"), key="dismissed_id"
    )
    created_at: Mapped[datetime] = mapped_column("createdAt", UtcTime, key="created_at")

    __table_args__ = (
        UniqueConstraint("user_id", "dismissed_id"),
        # the oldest go first
        Index(None, "user_id", "created_at", "id"),
        Index(None, "dismissed_id"),
    )
