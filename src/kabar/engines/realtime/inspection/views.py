"""Views: the shapes of what the console is answered. Times are seconds since 1970."""

from __future__ import annotations

from kabar.infra.http.views import View


class AppView(View, frozen=True):
    """An application, without its secret."""

    id: str
    key: str
    enabled: bool
    is_own: bool
    connections: int


class ErrorView(View, frozen=True):
    """An error that was sent to a client. `is_of_app` is false when its key was unknown."""

    at: float
    code: int | None
    message: str
    socket_id: str | None
    address: str
    is_of_app: bool


class Samples(View, frozen=True):
    """The last hour, oldest first; the time before the server's start is left out."""

    at: list[float]
    connections: list[int]
    messages_in: list[int]
    messages_out: list[int]


class Overview(View, frozen=True, kw_only=True):
    """How an app is doing. Connections and messages are this node's."""

    app: AppView
    channels: int
    users: int
    messages_in: int
    messages_out: int
    sample_seconds: int
    samples: Samples
    errors: list[ErrorView]


class ConnectionView(View, frozen=True, kw_only=True):
    """A socket of this node."""

    socket_id: str
    address: str
    transport: str
    since: float | None
    #: who signed in on it, or else whose it is known to be
    user_id: str | None
    subscriptions: int
    #: the first few in a list; all of them of one connection
    channels: list[str]


class ConnectionPage(View, frozen=True):
    """The newest ones, and how many there are."""

    connections: list[ConnectionView]
    found: int
    total: int


class ChannelView(View, frozen=True, kw_only=True):
    """A channel that somebody listens to, on any node."""

    name: str
    subscriptions: int
    #: of a presence channel
    users: int | None
    is_cached: bool


class ChannelPage(View, frozen=True):
    """The largest ones, and how many there are."""

    channels: list[ChannelView]
    found: int
    total: int


class Listener(View, frozen=True):
    """A socket of this node that listens to a channel."""

    socket_id: str
    user_id: str | None


class CachedView(View, frozen=True):
    """The last event of a cache channel, which new subscribers are sent."""

    event: str
    data: str
    seconds_left: int


class EventView(View, frozen=True, kw_only=True):
    """An event that passed through this node."""

    number: int
    at: float
    event: str
    channels: list[str]
    data: str
    is_cut: bool
    #: `client`, `server` (over HTTP, or Kabar's own) or `kabar` (members and counts)
    origin: str
    socket_id: str | None
    user_id: str | None
    reached: int


class EventPage(View, frozen=True):
    """The events after the number that was asked for, oldest first.

    `last` is the number to ask with next; `missed` says how many are no longer kept.
    """

    events: list[EventView]
    last: int
    missed: int


class ChannelDetail(View, frozen=True, kw_only=True):
    """One channel. Lists have the first few hundred."""

    channel: ChannelView
    listeners: list[Listener]
    member_ids: list[str]
    cached: CachedView | None
    last_event: EventView | None


class EndpointView(View, frozen=True, kw_only=True):
    """An endpoint of an app's webhooks, and how many deliveries wait for it."""

    url: str
    events: list[str]
    channel_prefix: str
    batch: bool
    waiting: int
    is_full: bool


class DeliveryView(View, frozen=True, kw_only=True):
    """A delivery that was sent at least once."""

    id: str
    at: float
    seconds: float
    url: str
    #: empty where it is a batch
    channel: str
    body: str
    is_cut: bool
    #: `arrived`, `retrying`, or `given_up`
    status: str
    failure: str | None


class WebhookPage(View, frozen=True):
    """The endpoints of an app, and the last attempts, newest first."""

    endpoints: list[EndpointView]
    attempts: list[DeliveryView]
