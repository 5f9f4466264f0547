"""The table of moderation: what moderators did."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from kabar.infra.db.base import Base, UtcTime


class Deed(StrEnum):
    """What a moderator can do."""

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
    #: in the moderator's words, why; of a role, which
    note: Mapped[str | None] = mapped_column(Text)
    #: of what ends by itself
    until: Mapped[datetime | None] = mapped_column(UtcTime)
    created_at: Mapped[datetime] = mapped_column("createdAt", UtcTime, key="created_at")

    __table_args__ = (Index(None, "created_at", "id"),)
