"""The tables of uploads."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from kabar.infra.db.base import Base, UtcTime


class UploadState(StrEnum):
    """What is the case with a file."""

    #: its row is there, its bytes are on their way to the storage
    ARRIVING = "arriving"
    #: a picture that has still to be made anew
    WAITING = "waiting"
    READY = "ready"
    #: a picture that could not be made anew
    BROKEN = "broken"
    #: nobody has it any more: its bytes go, then its row
    RELEASED = "released"


#: as text: SQLite takes the index only where it finds the very words
DUE = text("\"state\" IN ('waiting', 'released')")
_UNUSED = text('"messageId" IS NULL')


class Upload(Base):
    """A file that somebody sent: one message has it, or none yet."""

    __tablename__ = "KabarUpload"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    owner_id: Mapped[str | None] = mapped_column(
        "ownerId", Text, ForeignKey("User.id", ondelete="SET NULL"), key="owner_id"
    )
    #: None: it is in no message yet, or its message is gone
    message_id: Mapped[str | None] = mapped_column(
        "messageId", Text, ForeignKey("Message.id", ondelete="SET NULL"), key="message_id"
    )
    #: under which key the bytes are kept; several have the same one when a message was forwarded
    file: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    media_type: Mapped[str] = mapped_column("mediaType", Text, key="media_type")
    #: as it was sent
    size: Mapped[int] = mapped_column(BigInteger)
    #: as it is kept
    stored_size: Mapped[int] = mapped_column("storedSize", BigInteger, key="stored_size")
    thumbnail_size: Mapped[int | None] = mapped_column(
        "thumbnailSize", BigInteger, key="thumbnail_size"
    )
    width: Mapped[int | None]
    height: Mapped[int | None]
    #: an `UploadState`
    state: Mapped[str] = mapped_column(Text)
    #: when somebody is to do what its state asks for; later than now: somebody does
    due_at: Mapped[datetime] = mapped_column("dueAt", UtcTime, key="due_at")
    created_at: Mapped[datetime] = mapped_column("createdAt", UtcTime, key="created_at")

    __table_args__ = (
        Index(None, "owner_id"),
        Index(None, "message_id"),
        Index(None, "file"),
        Index(
            "KabarUpload_due_idx",
            "due_at",
            sqlite_where=DUE,
            postgresql_where=DUE,
        ),
        Index(
            "KabarUpload_unused_idx",
            "created_at",
            sqlite_where=_UNUSED,
            postgresql_where=_UNUSED,
        ),
    )


class HeldUpload(Base):
    """A file that is held for a message that waits for its time: nobody else has it till then."""

    __tablename__ = "KabarHeldUpload"

    upload_id: Mapped[str] = mapped_column(
        "uploadId",
        Text,
        ForeignKey("KabarUpload.id", ondelete="CASCADE"),
        key="upload_id",
        primary_key=True,
    )
    scheduled_id: Mapped[str] = mapped_column(
        "scheduledId",
        Text,
        ForeignKey("KabarScheduledMessage.id", ondelete="CASCADE"),
        key="scheduled_id",
    )

    __table_args__ = (Index(None, "scheduled_id"),)


class UploadUsage(Base):
    """How much of the storage a user has: so that nobody counts all their files for one more."""

    __tablename__ = "KabarUploadUsage"

    user_id: Mapped[str] = mapped_column(
        "userId", Text, ForeignKey("User.id", ondelete="CASCADE"), key="user_id", primary_key=True
    )
    bytes: Mapped[int] = mapped_column(BigInteger)
