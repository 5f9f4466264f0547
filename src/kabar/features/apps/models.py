"""The tables of apps added at run time, their keys, and webhook deliveries."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from kabar.infra.db.base import Base, UtcTime


class AddedApp(Base):
    """An app that was added at run time."""

    __tablename__ = "KabarApp"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    #: JSON: the fields of `App`, except those that have a column, and the keys
    options: Mapped[str] = mapped_column(Text)
    enabled: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column("createdAt", UtcTime, key="created_at")


class KeptKey(Base):
    """A key and its secret: of an added app, or of Kabar's own once it has been rotated."""

    __tablename__ = "KabarAppKey"

    key: Mapped[str] = mapped_column(Text, primary_key=True)
    app_id: Mapped[str] = mapped_column("appId", Text, key="app_id")
    #: in clear, because signatures are made with it
    secret: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column("createdAt", UtcTime, key="created_at")
    #: None: the newest of its app
    valid_until: Mapped[datetime | None] = mapped_column("validUntil", UtcTime, key="valid_until")

    __table_args__ = (Index(None, "app_id"),)


class AppsRevision(Base):
    """One row that counts the changes, so that a node sees whether there are new ones."""

    __tablename__ = "KabarAppsRevision"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    revision: Mapped[int]


class WebhookDelivery(Base):
    """One POST of a Pusher app's webhooks; deleted when it has arrived or was given up."""

    __tablename__ = "KabarWebhookDelivery"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    app_id: Mapped[str] = mapped_column("appId", Text, key="app_id")
    url: Mapped[str] = mapped_column(Text)
    lane: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column("createdAt", UtcTime, key="created_at")
    #: the process that sends it, and until when no other does
    process: Mapped[str] = mapped_column(Text)
    leased_until: Mapped[datetime] = mapped_column("leasedUntil", UtcTime, key="leased_until")

    __table_args__ = (Index(None, "process"), Index(None, "leased_until"))
