"""What an app may want to hear of that happens on its channels."""

from __future__ import annotations

from typing import Protocol

import msgspec

from kabar.core.events import Publication
from kabar.engines.realtime.apps.app import App, WebhookEvent


class Edge(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something that changed on a channel, as Pusher's webhooks tell it."""

    name: WebhookEvent
    channel: str
    #: of a client event: what was said, by which socket
    event: str | None = None
    data: str | None = None
    socket_id: str | None = None
    user_id: str | None = None
    subscription_count: int | None = None


def client_event_of(publication: Publication) -> Edge:
    """Return what an app is told of an event that a client sent to the others."""
    return Edge(
        name="client_event",
        channel=publication.channels[0],
        event=publication.event,
        data=publication.data,
        socket_id=publication.except_socket,
        user_id=publication.user_id,
    )


class Edges(Protocol):
    """Hears of edges, in the order in which they happen. It returns at once and never fails.

    Of several nodes, exactly one tells of an edge: the one where it happened, or, where it takes
    the sum of all nodes to see it, the one that the channel belongs to.
    """

    def happened(self, app: App, edge: Edge) -> None: ...


class NobodyListens:
    """The edges of an engine without webhooks."""

    def happened(self, app: App, edge: Edge) -> None:
        pass
