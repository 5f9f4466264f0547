"""The table of notifications, named as in the report."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Literal

from sqlalchemy import ForeignKey, Index, Text, and_, text
from sqlalchemy.orm import Mapped, mapped_column

from kabar.infra.db.base import Base, UtcTime

Filter = Literal["unread", "archived"]


class NotificationType(StrEnum):
    """What a notification is about, in the words of the events."""

    NEW_FOLLOWER = "new-follower"
    NEW_MESSAGE = "new-message"
    NEW_REPLY = "new-reply"
    MENTION = "mention"


class Notification(Base):
    """An entry in a user's list: not seen until the list was opened, unread until acted on.

    Entries of rooms are not here: they are derived (`room_entries`).
    """

    __tablename__ = "Notification"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    user_id: Mapped[str] = mapped_column(
        "userId", ForeignKey("User.id", ondelete="CASCADE"), key="user_id"
    )
    type: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    link: Mapped[str] = mapped_column(Text)
    #: the user who caused it
    actor_id: Mapped[str | None] = mapped_column("actorId", Text, key="actor_id")
    #: what it is about: of a follower their id, of a thread that of the message that it hangs on
    subject_id: Mapped[str] = mapped_column("subjectId", Text, key="subject_id")
    #: how much there is behind it
    count: Mapped[int]
    #: what programs want to know of it, as JSON
    data: Mapped[str] = mapped_column(Text)
    #: what happens to the same thing again renews the entry, and makes no other
    group_key: Mapped[str] = mapped_column("groupKey", Text, key="group_key")
    created_at: Mapped[datetime] = mapped_column("createdAt", UtcTime, key="created_at")
    updated_at: Mapped[datetime] = mapped_column("updatedAt", UtcTime, key="updated_at")
    seen_at: Mapped[datetime | None] = mapped_column("seenAt", UtcTime, key="seen_at")
    read_at: Mapped[datetime | None] = mapped_column("readAt", UtcTime, key="read_at")
    archived_at: Mapped[datetime | None] = mapped_column("archivedAt", UtcTime, key="archived_at")

    __table_args__ = (
        # By the group first: what becomes of a message concerns the entries of all who got it.
        Index("Notification_groupKey_userId_key", "group_key", "user_id", unique=True),
        Index("Notification_list_idx", "user_id", "updated_at", "id"),
        # These are the lists of filters; those of what is not archived are counted for the bell.
        Index(
            "Notification_unread_idx",
            "user_id",
            "updated_at",
            "id",
            sqlite_where=text('"readAt" IS NULL AND "archivedAt" IS NULL'),
            postgresql_where=text('"readAt" IS NULL AND "archivedAt" IS NULL'),
        ),
        Index(
            "Notification_archived_idx",
            "user_id",
            "updated_at",
            "id",
            sqlite_where=text('"archivedAt" IS NOT NULL'),
            postgresql_where=text('"archivedAt" IS NOT NULL'),
        ),
        Index(
            "Notification_unseen_idx",
            "user_id",
            sqlite_where=text('"seenAt" IS NULL AND "archivedAt" IS NULL'),
            postgresql_where=text('"seenAt" IS NULL AND "archivedAt" IS NULL'),
        ),
    )


#: in the words of the partial indexes, so that they are used
IS_UNREAD = and_(Notification.read_at.is_(None), Notification.archived_at.is_(None))
IS_UNSEEN = and_(Notification.seen_at.is_(None), Notification.archived_at.is_(None))
