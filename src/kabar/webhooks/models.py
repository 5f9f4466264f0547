"""The table of deliveries that have not arrived."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from kabar.db.base import Base, UtcTime


class WebhookDelivery(Base):
    """One POST of a Pusher app's webhooks; deleted when it has arrived or was given up."""

    __tablename__ = "KabarWebhookDelivery"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    app_id: Mapped[str] = mapped_column("appId", Text, key="app_id")
    url: Mapped[str] = mapped_column(Text)
    lane: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column("createdAt", UtcTime, key="created_at")
    #: the process that sends it, and until when nobody else does
    process: Mapped[str] = mapped_column(Text)
    leased_until: Mapped[datetime] = mapped_column("leasedUntil", UtcTime, key="leased_until")

    __table_args__ = (Index(None, "process"), Index(None, "leased_until"))
