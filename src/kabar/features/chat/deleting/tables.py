"""The table by which it is known how many messages of a room do not count."""

from __future__ import annotations

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from kabar.infra.db.base import Base


class DeletedBlock(Base):
    """How many messages do not count in a run of 64 (level 1) or 4,096 (level 2) numbers."""

    __tablename__ = "KabarDeleted"

    room_id: Mapped[str] = mapped_column(
        "roomId", ForeignKey("ChatRoom.id", ondelete="CASCADE"), key="room_id", primary_key=True
    )
    level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    block: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    count: Mapped[int]
