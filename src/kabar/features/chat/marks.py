"""The tables of what becomes of messages: emoji, votes, former words, what is hidden or to go."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kabar.infra.db.base import Base, UtcTime


class Reaction(Base):
    """An emoji that somebody put on a message."""

    __tablename__ = "KabarReaction"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    message_id: Mapped[str] = mapped_column(
        "messageId", ForeignKey("Message.id", ondelete="CASCADE"), key="message_id"
    )
    user_id: Mapped[str] = mapped_column(
        "userId", ForeignKey("User.id", ondelete="CASCADE"), key="user_id"
    )
    emoji: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column("createdAt", UtcTime, key="created_at")

    __table_args__ = (
        UniqueConstraint("message_id", "user_id", "emoji"),
        Index(None, "message_id", "created_at", "id"),
        Index(None, "user_id"),
    )


class Vote(Base):
    """What somebody chose in a poll; without anything chosen there is none."""

    __tablename__ = "KabarVote"

    message_id: Mapped[str] = mapped_column(
        "messageId",
        ForeignKey("Message.id", ondelete="CASCADE"),
        key="message_id",
        primary_key=True,
    )
    user_id: Mapped[str] = mapped_column(
        "userId", ForeignKey("User.id", ondelete="CASCADE"), key="user_id", primary_key=True
    )
    #: with spaces between them
    option_ids: Mapped[str] = mapped_column("optionIds", Text, key="option_ids")
    voted_at: Mapped[datetime] = mapped_column("votedAt", UtcTime, key="voted_at")

    __table_args__ = (Index(None, "user_id"),)


class FormerWords(Base):
    """What a message said before it was edited."""

    __tablename__ = "KabarEdit"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    message_id: Mapped[str] = mapped_column(
        "messageId", ForeignKey("Message.id", ondelete="CASCADE"), key="message_id"
    )
    content: Mapped[str] = mapped_column(Text)
    #: when it no longer said so
    edited_at: Mapped[datetime] = mapped_column("editedAt", UtcTime, key="edited_at")

    __table_args__ = (Index(None, "message_id", "edited_at", "id"),)


class Hidden(Base):
    """A message that somebody deleted for themselves."""

    __tablename__ = "KabarHidden"

    user_id: Mapped[str] = mapped_column(
        "userId", ForeignKey("User.id", ondelete="CASCADE"), key="user_id", primary_key=True
    )
    room_id: Mapped[str] = mapped_column(
        "roomId", ForeignKey("ChatRoom.id", ondelete="CASCADE"), key="room_id", primary_key=True
    )
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    #: not deleted for all as well: what is counted among the deleted is not counted here
    is_counted: Mapped[bool] = mapped_column("isCounted", key="is_counted")

    __table_args__ = (Index(None, "room_id", "seq"),)


class ErasedAuthor(Base):
    """Somebody whose account was erased, and whose messages are still to be removed."""

    __tablename__ = "KabarErasedAuthor"

    user_id: Mapped[str] = mapped_column(
        "userId", ForeignKey("User.id", ondelete="CASCADE"), key="user_id", primary_key=True
    )
    erased_at: Mapped[datetime] = mapped_column("erasedAt", UtcTime, key="erased_at")

    __table_args__ = (Index(None, "erased_at", "user_id"),)
