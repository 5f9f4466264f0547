"""The table of API keys."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from kabar.infra.db.base import Base, UtcTime


class May(StrEnum):
    """What a key may do; each alone, and none includes another."""

    #: make, change and erase users, and make tokens for them
    USERS = "users"
    #: do for a user what they could do themselves, and import
    ACT = "act"
    #: send notifications
    NOTIFY = "notify"
    #: work on the moderators' queue
    MODERATE = "moderate"
    #: see and repeat deliveries
    OPERATE = "operate"


class StoredKey(Base):
    """An API key. What is revoked is deleted."""

    __tablename__ = "KabarApiKey"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    #: SHA-256 of the key
    key_hash: Mapped[str] = mapped_column("keyHash", Text, key="key_hash", unique=True)
    #: a `May` after the other, with commas between
    may: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column("createdAt", UtcTime, key="created_at")
    #: to the minute
    last_used_at: Mapped[datetime | None] = mapped_column("lastUsedAt", UtcTime, key="last_used_at")
