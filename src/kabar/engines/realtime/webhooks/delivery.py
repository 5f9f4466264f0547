"""Delivery: one POST of webhooks on its way, and the contract of the store that keeps it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from kabar.core.ids import new_id
from kabar.engines.realtime.apps.app import App, Webhook
from kabar.engines.realtime.apps.edges import Edge


class Delivery(msgspec.Struct, frozen=True):
    """One POST to one endpoint. Its id and its bytes are the same at every attempt."""

    id: str
    app_id: str
    url: str
    #: deliveries of one lane arrive in order. A lane is a channel; an endpoint that takes batches
    #: has one lane for all
    lane: str
    body: str
    created_at: datetime


class DeliveryStore(Protocol):
    """Keeps deliveries, so that other processes can send those of one that has died.

    Each belongs to one process at a time. If the store fails, deliveries are sent all the same.
    """

    async def add(self, deliveries: Sequence[Delivery]) -> None:
        """Keep deliveries that this process is going to send."""

    async def remove(self, delivery_ids: Sequence[str]) -> None: ...

    async def take_over(self) -> Sequence[Delivery]:
        """Renew this process's lease; return deliveries whose process has died, oldest first."""

    async def let_go(self) -> None:
        """Leave the deliveries of this process to others: it stops."""


class NoStore:
    """Keeps nothing: deliveries that wait when the process ends are lost."""

    async def add(self, deliveries: Sequence[Delivery]) -> None:
        pass

    async def remove(self, delivery_ids: Sequence[str]) -> None:
        pass

    async def take_over(self) -> Sequence[Delivery]:
        return ()

    async def let_go(self) -> None:
        pass


def delivery_of(app: App, webhook: Webhook, edges: Sequence[Edge], at: datetime) -> Delivery:
    """Return the delivery that tells an endpoint of these edges."""
    body = {"time_ms": round(at.timestamp() * 1000), "events": edges}
    return Delivery(
        id=new_id(),
        app_id=app.id,
        url=webhook.url,
        lane="" if webhook.batch else edges[0].channel,
        body=msgspec.json.encode(body).decode(),
        created_at=at,
    )
