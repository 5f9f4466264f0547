"""What is told of the engine to whoever may look into it. Times are seconds since 1970."""

from __future__ import annotations

from kabar.infra.http.views import View


class AppView(View, frozen=True):
    """An application; its secret stays where it is."""

    id: str
    key: str
    enabled: bool
    is_own: bool
    connections: int


class ErrorView(View, frozen=True):
    """An error that a client was told; of no known app when its key was nobody's."""

    at: float
    code: int | None
    message: str
    socket_id: str | None
    address: str
    is_of_app: bool


class Samples(View, frozen=True):
    """The last hour, oldest first; what lies before the start of the server is not in it."""

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
    #: who signed in on it, else as whom it is known
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
    """What a cache channel tells newcomers."""

    event: str
    data: str
    seconds_left: int


class SeenView(View, frozen=True, kw_only=True):
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
    """What came after the number that was asked for, oldest first; `last` is the next to ask for.

    `missed` were too many to be kept.
    """

    events: list[SeenView]
    last: int
    missed: int


class ChannelDetail(View, frozen=True, kw_only=True):
    """One channel. Lists have the first few hundred."""

    channel: ChannelView
    listeners: list[Listener]
    member_ids: list[str]
    cached: CachedView | None
    last_event: SeenView | None


class EndpointView(View, frozen=True, kw_only=True):
    """Where an app wants to hear of what happens on its channels."""

    url: str
    events: list[str]
    channel_prefix: str
    batch: bool
    waiting: int
    is_full: bool


class DeliveryView(View, frozen=True, kw_only=True):
    """A webhook that was sent at least once."""

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
