"""The tables of search: the words of each message, and what has still to be read."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, ForeignKeyConstraint, Identity, Index, Integer, Text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from kabar.infra.db.base import Base, UtcTime

_Number = BigInteger().with_variant(Integer(), "sqlite")


class SearchEntry(Base):
    """By which words a message is found. On SQLite triggers keep `KabarSearchWords` (FTS5) so."""

    __tablename__ = "KabarSearchEntry"

    #: what SQLite calls rowid
    id: Mapped[int] = mapped_column(_Number, Identity(), primary_key=True)
    room_id: Mapped[str] = mapped_column("roomId", Text, key="room_id")
    seq: Mapped[int]
    #: when the message was said
    created_at: Mapped[datetime] = mapped_column("createdAt", UtcTime, key="created_at")
    words: Mapped[str] = mapped_column(TSVECTOR().with_variant(Text(), "sqlite"))

    __table_args__ = (
        # Whatever deletes a message deletes its words.
        ForeignKeyConstraint(
            ["room_id", "seq"], ["Message.room_id", "Message.seq"], ondelete="CASCADE"
        ),
        Index("KabarSearchEntry_roomId_seq_key", "room_id", "seq", unique=True),
        Index(
            "KabarSearchEntry_words_idx",
            "words",
            # What waits in a list would be read through by every search.
            postgresql_using="gin",
            postgresql_with={"fastupdate": "off"},
        ).ddl_if(dialect="postgresql"),
    )


class SearchPosition(Base):
    """One row: up to which moment messages have been read, as JSON."""

    __tablename__ = "KabarSearchPosition"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    moment: Mapped[str] = mapped_column(Text)


class SearchBacklog(Base):
    """A room of which older messages have still to be read, from a number downwards."""

    __tablename__ = "KabarSearchBacklog"

    room_id: Mapped[str] = mapped_column(
        "roomId", ForeignKey("ChatRoom.id", ondelete="CASCADE"), key="room_id", primary_key=True
    )
    last_seq: Mapped[int] = mapped_column("lastSeq", key="last_seq")
