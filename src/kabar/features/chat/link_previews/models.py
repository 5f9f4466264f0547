"""The tables of link previews: messages that wait for theirs, and pages that were looked at."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from kabar.infra.db.base import Base, UtcTime


class PreviewJob(Base):
    """A message whose links are to be looked at: written with it, deleted with its previews."""

    __tablename__ = "KabarPreviewJob"

    #: another one whenever the message is edited
    id: Mapped[str] = mapped_column(Text, primary_key=True)
    message_id: Mapped[str] = mapped_column(
        "messageId",
        ForeignKey("Message.id", ondelete="CASCADE"),
        key="message_id",
        unique=True,
    )
    sender_id: Mapped[str] = mapped_column(
        "senderId", ForeignKey("User.id", ondelete="CASCADE"), key="sender_id"
    )
    #: as JSON, those that an edit has brought; None: all that are in the message
    addresses: Mapped[str | None] = mapped_column(Text)
    #: how often somebody began it
    attempts: Mapped[int] = mapped_column(server_default=text("0"))
    #: when somebody is to do it; later than now: somebody does
    due_at: Mapped[datetime] = mapped_column("dueAt", UtcTime, key="due_at")
    created_at: Mapped[datetime] = mapped_column("createdAt", UtcTime, key="created_at")

    __table_args__ = (Index(None, "due_at"), Index(None, "sender_id"))


class LinkPage(Base):
    """What a page says of itself, for as long as that is believed."""

    __tablename__ = "KabarLinkPage"

    url: Mapped[str] = mapped_column(Text, primary_key=True)
    #: None, as what follows: it says nothing, or could not be read
    title: Mapped[str | None] = mapped_column(Text)
    description: Mapped[str | None] = mapped_column(Text)
    #: the upload that has its picture; it may be gone
    image_id: Mapped[str | None] = mapped_column("imageId", Text, key="image_id")
    #: None: somebody looks at it for the first time
    fetched_at: Mapped[datetime | None] = mapped_column("fetchedAt", UtcTime, key="fetched_at")
    #: when it is to be looked at again, if anybody asks; while somebody looks: when they gave up
    due_at: Mapped[datetime] = mapped_column("dueAt", UtcTime, key="due_at")

    __table_args__ = (Index(None, "due_at"),)
