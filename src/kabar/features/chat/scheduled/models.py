"""The table of messages that wait for their time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from kabar.infra.db.base import Base, UtcTime


class ScheduledMessage(Base):
    """What somebody wants to have said at a time."""

    __tablename__ = "KabarScheduledMessage"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    room_id: Mapped[str] = mapped_column(
        "roomId", ForeignKey("ChatRoom.id", ondelete="CASCADE"), key="room_id"
    )
    sender_id: Mapped[str] = mapped_column(
        "senderId", ForeignKey("User.id", ondelete="CASCADE"), key="sender_id"
    )
    content: Mapped[str] = mapped_column(Text)
    type: Mapped[str] = mapped_column(Text)
    #: its files as JSON, as a message has them
    attachments: Mapped[str | None] = mapped_column(Text)
    reply_to_id: Mapped[str | None] = mapped_column("replyToId", Text, key="reply_to_id")
    thread_id: Mapped[str | None] = mapped_column("threadId", Text, key="thread_id")
    silent: Mapped[bool] = mapped_column(server_default=false())
    #: what the message will have, so that it is said once whoever says it
    client_id: Mapped[str] = mapped_column("clientId", Text, key="client_id")
    send_at: Mapped[datetime] = mapped_column("sendAt", UtcTime, key="send_at")
    #: when a node began to say it
    taken_at: Mapped[datetime | None] = mapped_column("takenAt", UtcTime, key="taken_at")
    #: the code of the error with which it could not be said: its author has to see to it
    failure: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column("createdAt", UtcTime, key="created_at")

    __table_args__ = (
        UniqueConstraint("sender_id", "room_id", "client_id"),
        Index(None, "sender_id", "send_at", "id"),
        Index(None, "room_id"),
        Index(
            "KabarScheduledMessage_due_idx",
            "send_at",
            "id",
            sqlite_where=text("failure IS NULL"),
            postgresql_where=text("failure IS NULL"),
        ),
    )
