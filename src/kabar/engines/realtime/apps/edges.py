"""Edges: what changes on an app's channels that its webhooks may tell of."""

from __future__ import annotations

from typing import Protocol

import msgspec

from kabar.core.events import Publication
from kabar.engines.realtime.apps.app import App, WebhookEvent


class Edge(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something that changed on a channel, as an event in the body of a webhook."""

    name: WebhookEvent
    channel: str
    #: of a client event: its name and data, and the socket that sent it
    event: str | None = None
    data: str | None = None
    socket_id: str | None = None
    user_id: str | None = None
    subscription_count: int | None = None


def client_event_of(publication: Publication) -> Edge:
    """Return the edge that tells of an event that a client sent to the others."""
    return Edge(
        name="client_event",
        channel=publication.channels[0],
        event=publication.event,
        data=publication.data,
        socket_id=publication.except_socket,
        user_id=publication.user_id,
    )


class Edges(Protocol):
    """Takes edges, in the order in which they happen. It returns at once and never fails.

    Of several nodes, exactly one tells the app of an edge: the one where it happened, or, where
    only the sum of all nodes shows it, the one that is the channel's home (decision 8).
    """

    def happened(self, app: App, edge: Edge) -> None: ...


class NoEdges:
    """Takes edges and does nothing: for an engine without webhooks."""

    def happened(self, app: App, edge: Edge) -> None:
        pass
