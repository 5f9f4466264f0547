"""The log of changes: what of each room was touched last by which transaction."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from kabar.infra.db.base import Base, UtcTime
from kabar.infra.db.clock import STAMP


class RoomChange(Base):
    """Something of a room has changed. A message that is said is none: it is its own entry.

    What it has become is not kept here, but read when somebody asks; so there is one row for each
    thing, however often it changes, and no word of a message.
    """

    __tablename__ = "KabarChange"

    room_id: Mapped[str] = mapped_column("roomId", Text, key="room_id", primary_key=True)
    #: a key of `KINDS`
    kind: Mapped[str] = mapped_column(Text, primary_key=True)
    #: which message, whose place … of that kind
    subject: Mapped[str] = mapped_column(Text, primary_key=True)
    #: who did it, or ""
    by: Mapped[str] = mapped_column(Text)
    stamp: Mapped[int] = mapped_column(BigInteger, default=STAMP)
    at: Mapped[datetime] = mapped_column(UtcTime)

    __table_args__ = (
        Index(None, "room_id", "stamp"),
        Index(
            "KabarChange_participant_idx",
            "subject",
            "stamp",
            sqlite_where=text("kind = 'participant'"),
            postgresql_where=text("kind = 'participant'"),
        ),
    )
