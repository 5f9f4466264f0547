"""Service: the addresses of a Pusher service, for its HTTP API and for clients."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A server that speaks Pusher's protocol: hosted Pusher, by its cluster, or another host."""

    api_host: str
    socket_host: str
    port: int
    secure: bool
    #: of hosted Pusher; empty for another host
    cluster: str = ""

    def __str__(self) -> str:
        return f"{'wss' if self.secure else 'ws'}://{self.socket_host}:{self.port}"

    @property
    def page(self) -> dict[str, object]:
        """The options with which a page connects."""
        if self.cluster:
            return {"cluster": self.cluster}
        return {"host": self.socket_host, "port": self.port, "secure": self.secure}


def of_cluster(cluster: str) -> Service:
    """Return hosted Pusher, at the addresses that its libraries use."""
    return Service(
        api_host=f"api-{cluster}.pusher.com",
        socket_host=f"ws-{cluster}.pusher.com",
        port=443,
        secure=True,
        cluster=cluster,
    )


def at_host(host: str, *, port: int | None, secure: bool) -> Service:
    """Return another server, which has one address for everything."""
    return Service(
        api_host=host,
        socket_host=host,
        port=port or (443 if secure else 80),
        secure=secure,
    )
