"""The tables of moderation: what was reported, and what moderators did."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from kabar.infra.db.base import Base, UtcTime


class Action(StrEnum):
    """What a moderator does about a report."""

    #: it was right as it is, or is settled elsewhere
    NONE = "none"
    DELETE = "delete"
    SUSPEND = "suspend"
    #: from the room in which it was said
    BAN = "ban"


class Report(Base):
    """Somebody says that a message, a user or a room is not as it should be.

    It outlives what it is about: so it has no foreign keys, and of a message what it said then.
    """

    __tablename__ = "KabarReport"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    reporter_id: Mapped[str] = mapped_column("reporterId", Text, key="reporter_id")
    #: `message`, `user` or `room`, a space, and its id
    subject: Mapped[str] = mapped_column(Text)
    message_id: Mapped[str | None] = mapped_column("messageId", Text, key="message_id")
    #: in which it was said, or which is reported
    room_id: Mapped[str | None] = mapped_column("roomId", Text, key="room_id")
    #: who said it, or is reported
    user_id: Mapped[str | None] = mapped_column("userId", Text, key="user_id")
    reason: Mapped[str] = mapped_column(Text)
    #: a `ReportedMessage` in JSON, as it was then
    said: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column("createdAt", UtcTime, key="created_at")
    #: None: it waits
    resolved_at: Mapped[datetime | None] = mapped_column("resolvedAt", UtcTime, key="resolved_at")
    action: Mapped[str | None] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(Text)
    by_id: Mapped[str | None] = mapped_column("byId", Text, key="by_id")
    by_name: Mapped[str | None] = mapped_column("byName", Text, key="by_name")

    __table_args__ = (
        # Of one person each thing waits once.
        Index(
            "KabarReport_waiting_key",
            "reporter_id",
            "subject",
            unique=True,
            sqlite_where=text('"resolvedAt" IS NULL'),
            postgresql_where=text('"resolvedAt" IS NULL'),
        ),
        Index(
            "KabarReport_queue_idx",
            "created_at",
            "id",
            sqlite_where=text('"resolvedAt" IS NULL'),
            postgresql_where=text('"resolvedAt" IS NULL'),
        ),
        Index(None, "subject"),
        Index(None, "reporter_id"),
        Index(None, "user_id"),
        Index(None, "resolved_at", "id"),
    )


class Deed(StrEnum):
    """What a moderator can do."""

    RESOLVE = "resolve"
    DELETE_MESSAGE = "delete-message"
    BAN = "ban"
    SUSPEND = "suspend"
    LIFT_SUSPENSION = "lift-suspension"
    GIVE_ROLE = "give-role"


class ModerationAct(Base):
    """What a moderator did, kept for a while, whatever becomes of them and of whom it concerned."""

    __tablename__ = "KabarModerationAct"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    deed: Mapped[str] = mapped_column(Text)
    #: None: an application, or who operates the server
    by_id: Mapped[str | None] = mapped_column("byId", Text, key="by_id")
    #: of the application
    by_name: Mapped[str | None] = mapped_column("byName", Text, key="by_name")
    user_id: Mapped[str | None] = mapped_column("userId", Text, key="user_id")
    room_id: Mapped[str | None] = mapped_column("roomId", Text, key="room_id")
    message_id: Mapped[str | None] = mapped_column("messageId", Text, key="message_id")
    #: because of which it was done
    report_id: Mapped[str | None] = mapped_column("reportId", Text, key="report_id")
    #: in the moderator's words, why; of a role, which
    note: Mapped[str | None] = mapped_column(Text)
    #: of what ends by itself
    until: Mapped[datetime | None] = mapped_column(UtcTime)
    created_at: Mapped[datetime] = mapped_column("createdAt", UtcTime, key="created_at")

    __table_args__ = (Index(None, "created_at", "id"),)
