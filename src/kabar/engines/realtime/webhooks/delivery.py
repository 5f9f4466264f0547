"""Delivery: one POST of webhooks on its way, and the contract of the store that keeps it."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

import msgspec

from kabar.core.ids import new_id
from kabar.engines.realtime.apps.app import App, Webhook
from kabar.engines.realtime.apps.edges import Edge


class Endpoint(NamedTuple):
    """Where deliveries go: a URL of one app."""

    app_id: str
    url: str


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

    @property
    def endpoint(self) -> Endpoint:
        return Endpoint(self.app_id, self.url)


class DeliveryStore(Protocol):
    """Keeps deliveries, so that other processes can send those of one that has died.

    Each belongs to one process at a time. If the store fails, deliveries are sent all the same.
    There may be more in it than a process has in memory; it asks for the next when it has room.
    """

    async def add(self, deliveries: Sequence[Delivery]) -> None:
        """Keep deliveries that this process is going to send."""

    async def remove(self, delivery_ids: Sequence[str]) -> None: ...

    async def take_over(self) -> Mapping[Endpoint, int]:
        """Say that this process lives, and take what is nobody's any more; return how many
        deliveries are now this process's to make."""

    async def next_of(
        self, endpoint: Endpoint, *, but: Collection[str], a_lane: int, limit: int
    ) -> Sequence[Delivery]:
        """Return this process's next deliveries to an endpoint, oldest first: at most so many of a
        lane, and none of the lanes `but` these."""

    async def let_go(self) -> None:
        """Leave the deliveries of this process to others: it stops."""


class NoStore:
    """Keeps nothing: deliveries that wait when the process ends are lost."""

    async def add(self, deliveries: Sequence[Delivery]) -> None:
        pass

    async def remove(self, delivery_ids: Sequence[str]) -> None:
        pass

    async def take_over(self) -> Mapping[Endpoint, int]:
        return {}

    async def next_of(
        self,
        endpoint: Endpoint,  # noqa: ARG002  there is nothing
        *,
        but: Collection[str],  # noqa: ARG002
        a_lane: int,  # noqa: ARG002
        limit: int,  # noqa: ARG002
    ) -> Sequence[Delivery]:
        return ()

    async def let_go(self) -> None:
        pass


def delivery_of(app: App, webhook: Webhook, edges: Sequence[Edge], at: datetime) -> Delivery:
    """Return the delivery that tells an endpoint of these edges."""
    body = {"time_ms": round(at.timestamp() * 1000), "events": edges}
    return Delivery(
        id=_next_id(),
        app_id=app.id,
        url=webhook.url,
        lane="" if webhook.batch else edges[0].channel,
        body=msgspec.json.encode(body).decode(),
        created_at=at,
    )


_numbers = itertools.count()
_DIGITS = 8


def _next_id() -> str:
    """Return an id that sorts behind those before, also within the millisecond that is stored: an
    order must survive a restart."""
    new = new_id()
    number = f"{next(_numbers) % 10**_DIGITS:0{_DIGITS}}"
    # `c` and the time, our number, and still some 40 bits that nobody else has.
    return f"{new[:9]}{number}{new[9 + _DIGITS :]}"
