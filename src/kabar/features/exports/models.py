"""The table of exports of one's own data."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from kabar.infra.db.base import Base, UtcTime


class ExportState(StrEnum):
    """What is the case with an export."""

    QUEUED = "queued"
    RUNNING = "running"
    READY = "ready"
    FAILED = "failed"
    #: nobody gets it any more: its bytes go, then its row
    RELEASED = "released"


UNDER_WAY = (ExportState.QUEUED, ExportState.RUNNING)
_UNDER_WAY = text("\"state\" IN ('queued', 'running')")


class Export(Base):
    """A file with all that is stored of somebody; its id is the key of its bytes."""

    __tablename__ = "KabarExport"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    user_id: Mapped[str] = mapped_column(
        "userId", ForeignKey("User.id", ondelete="CASCADE"), key="user_id"
    )
    #: an `ExportState`
    state: Mapped[str] = mapped_column(Text)
    #: of a hundred
    progress: Mapped[int]
    #: how often somebody has begun it
    attempts: Mapped[int]
    size: Mapped[int | None] = mapped_column(BigInteger)
    #: when somebody is to do what its state asks for: begin, begin again, release, forget
    due_at: Mapped[datetime] = mapped_column("dueAt", UtcTime, key="due_at")
    created_at: Mapped[datetime] = mapped_column("createdAt", UtcTime, key="created_at")

    __table_args__ = (
        Index(None, "user_id", "created_at"),
        Index(None, "due_at"),
        # Of each person one at a time.
        Index(
            "KabarExport_underWay_key",
            "user_id",
            unique=True,
            sqlite_where=_UNDER_WAY,
            postgresql_where=_UNDER_WAY,
        ),
    )
