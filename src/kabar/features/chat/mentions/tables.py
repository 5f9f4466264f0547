"""The table of mentions: a row for each who is mentioned, and one for everybody."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from kabar.infra.db.base import Base


class Mention(Base):
    """A message mentions somebody. With the words that do so, the row goes."""

    __tablename__ = "KabarMention"

    room_id: Mapped[str] = mapped_column(
        "roomId", ForeignKey("ChatRoom.id", ondelete="CASCADE"), key="room_id", primary_key=True
    )
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    #: "": everybody who is in the room
    user_id: Mapped[str] = mapped_column("userId", Text, key="user_id", primary_key=True)

    __table_args__ = (Index(None, "user_id", "room_id", "seq"),)
