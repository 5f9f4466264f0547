"""The table of who follows which thread."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from kabar.infra.db.base import Base, UtcTime


class ThreadFollower(Base):
    """A participant who follows a thread. What they have not read there came after a position."""

    __tablename__ = "KabarThreadFollower"

    #: the message that the thread hangs on
    thread_id: Mapped[str] = mapped_column(
        "threadId", ForeignKey("Message.id", ondelete="CASCADE"), key="thread_id", primary_key=True
    )
    user_id: Mapped[str] = mapped_column(
        "userId", ForeignKey("User.id", ondelete="CASCADE"), key="user_id", primary_key=True
    )
    #: that of the message
    room_id: Mapped[str] = mapped_column("roomId", Text, key="room_id")
    #: the newest reply that they have read: by its number in the room, and by that in the thread
    last_read_seq: Mapped[int] = mapped_column("lastReadSeq", key="last_read_seq")
    last_read_number: Mapped[int] = mapped_column("lastReadNumber", key="last_read_number")
    last_read_at: Mapped[datetime | None] = mapped_column("lastReadAt", UtcTime, key="last_read_at")

    __table_args__ = (Index(None, "user_id", "room_id"),)
