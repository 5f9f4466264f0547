"""A webhook on its way: what it says, and who keeps it until it has arrived."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from kabar.core.ids import new_id
from kabar.engines.realtime.apps.app import App, Webhook
from kabar.engines.realtime.apps.edges import Edge


class Delivery(msgspec.Struct, frozen=True):
    """One POST, the same ever after: its id and its bytes do not change with a new attempt."""

    id: str
    app_id: str
    url: str
    #: deliveries of one lane arrive in order: a channel's, or all of an endpoint that takes batches
    lane: str
    body: str
    created_at: datetime


class DeliveryStore(Protocol):
    """Keeps deliveries, so that those of a process that is gone are made by another.

    Each belongs to one process at a time. A store that fails costs that safety and nothing else.
    """

    async def add(self, deliveries: Sequence[Delivery]) -> None:
        """Keep deliveries that this process is going to make."""

    async def remove(self, delivery_ids: Sequence[str]) -> None: ...

    async def take_over(self) -> Sequence[Delivery]:
        """Say that this process lives, and return what is nobody's any more, oldest first."""

    async def let_go(self) -> None:
        """Leave what this process has not made to whoever comes."""


class NoStore:
    """Keeps nothing: what waits when the process ends is lost."""

    async def add(self, deliveries: Sequence[Delivery]) -> None:
        pass

    async def remove(self, delivery_ids: Sequence[str]) -> None:
        pass

    async def take_over(self) -> Sequence[Delivery]:
        return ()

    async def let_go(self) -> None:
        pass


def delivery_of(app: App, webhook: Webhook, edges: Sequence[Edge], at: datetime) -> Delivery:
    """Return the POST that tells an endpoint of these edges."""
    body = {"time_ms": round(at.timestamp() * 1000), "events": edges}
    return Delivery(
        id=new_id(),
        app_id=app.id,
        url=webhook.url,
        lane="" if webhook.batch else edges[0].channel,
        body=msgspec.json.encode(body).decode(),
        created_at=at,
    )
