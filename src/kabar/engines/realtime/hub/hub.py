"""Hub: the sockets of this node, found by app, id, user and channel."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from collections.abc import Set as AbstractSet

from kabar.core.events import Publication
from kabar.engines.realtime.apps.app import App
from kabar.engines.realtime.clock import Clock
from kabar.engines.realtime.connection.socket import Socket
from kabar.engines.realtime.history import Frames, History
from kabar.engines.realtime.history.memory import MemoryHistory
from kabar.engines.realtime.hub.cache import Cache
from kabar.engines.realtime.hub.channel import Channel
from kabar.engines.realtime.hub.counts import Counts
from kabar.engines.realtime.hub.fanout import CallSoon, FanOut
from kabar.engines.realtime.hub.presence import Presence
from kabar.engines.realtime.hub.quota import Quota
from kabar.engines.realtime.hub.shared import SharedFrame
from kabar.engines.realtime.hub.watchlist import Watchers
from kabar.engines.realtime.limits import RealtimeLimits
from kabar.engines.realtime.observing.observer import Observer
from kabar.engines.realtime.protocol import frames
from kabar.engines.realtime.protocol.wire import OwnBurst

#: for fewer channels, each gets its own as always
_MANY = 32


class Space:
    """What this node knows of one app. Nothing crosses from one app's space to another's."""

    __slots__ = (
        "arrivals",
        "by_id",
        "by_user",
        "cache",
        "channels",
        "counts",
        "history",
        "online",
        "presence",
        "quota",
        "watchers",
    )

    def __init__(self, limits: RealtimeLimits) -> None:
        self.by_id: dict[str, Socket] = {}
        self.by_user: dict[str, set[Socket]] = {}
        self.channels: dict[str, Channel] = {}
        #: how many times a channel got its first listener
        self.arrivals = 0
        self.presence = Presence()
        #: subscriptions, by channel
        self.counts = Counts()
        #: sockets that a user has signed in on, by user
        self.online = Counts()
        self.watchers = Watchers()
        self.quota = Quota()
        self.cache = Cache(seconds=limits.cache_seconds, max_bytes=limits.max_cache_bytes)
        self.history: History = MemoryHistory(max_bytes=limits.max_history_bytes)

    def listeners(self, channel: str) -> Collection[Socket]:
        """Return this node's subscribers of the channel."""
        found = self.channels.get(channel)
        return found.listeners if found is not None else ()

    def listening(self, channels: AbstractSet[str]) -> AbstractSet[str]:
        """Return those channels that have listeners. Any thread may ask."""
        # One step of the interpreter, so that nobody comes or goes meanwhile. With a `set` it takes
        # as long as the smaller of the two has names.
        return self.channels.keys() & channels


class Hub:
    """The spaces of all apps, and the fan-out that they share."""

    def __init__(
        self,
        call_soon: CallSoon,
        limits: RealtimeLimits,
        observer: Observer | None = None,
        clock: Clock | None = None,
    ) -> None:
        self._limits = limits
        self._observer = observer
        self._spaces: dict[str, Space] = {}
        self.fan_out = FanOut(call_soon, clock=clock)

    def space(self, app_id: str) -> Space:
        found = self._spaces.get(app_id)
        if found is None:
            found = self._spaces[app_id] = Space(self._limits)
        return found

    def drop(self, app_id: str, space: Space) -> None:
        """Forget the space of an app that was removed; its sockets are gone.

        If another app has been given the same id meanwhile, that one's space stays.
        """
        if self._spaces.get(app_id) is space:
            del self._spaces[app_id]

    def sockets(self) -> Iterator[Socket]:
        for space in self._spaces.values():
            yield from space.by_id.values()

    def add(self, socket: Socket) -> None:
        connection = socket.connection
        self.space(connection.app.id).by_id[connection.socket_id] = socket

    def remove(self, socket: Socket) -> None:
        """Forget a socket that has left its channels."""
        connection = socket.connection
        space = self.space(connection.app.id)
        space.by_id.pop(connection.socket_id, None)
        for user_id in connection.holding.asked:
            theirs = space.by_user.get(user_id)
            if theirs is not None:
                theirs.discard(socket)
                if not theirs:
                    del space.by_user[user_id]

    def belong_to(self, socket: Socket, user_id: str) -> None:
        space = self.space(socket.connection.app.id)
        space.by_user.setdefault(user_id, set()).add(socket)

    def join(self, socket: Socket, name: str) -> None:
        space = self.space(socket.connection.app.id)
        channel = space.channels.get(name)
        if channel is None:
            channel = space.channels[name] = Channel()
            space.arrivals += 1
        channel.add(socket)

    def leave(self, socket: Socket, name: str) -> bool:
        """Take a socket off a channel; False if it was closed before it had joined."""
        channels = self.space(socket.connection.app.id).channels
        channel = channels.get(name)
        if channel is None or socket not in channel.listeners:
            return False
        channel.remove(socket)
        if not channel.listeners:
            del channels[name]
        return True

    def tell(self, socket: Socket, name: str, frames: list[bytes]) -> None:
        """Write frames to one subscriber of a channel at once, unless it was closed meanwhile."""
        if socket in self.space(socket.connection.app.id).listeners(name):
            self.fan_out.delivered += len(frames)
            socket.deliver(OwnBurst(frames))

    def keep_and_deliver(self, app: App, publication: Publication, now: float) -> None:
        """Send a publication to this node's subscribers, and keep it for those who come later."""
        space = self.space(app.id)
        if publication.is_shared and not app.history:
            self.deliver(publication)
            return
        space.cache.keep(publication, now)
        # First kept, then delivered: a client that joined in between would get it from neither.
        numbered = space.history.keep(app.history, publication, now) if app.history else None
        self.deliver(publication, numbered)

    def deliver(self, publication: Publication, numbered: Frames | None = None) -> None:
        """Send a publication to this node's listeners of its channels.

        `numbered` has the frames for those of the channels that have a history.
        """
        space = self._spaces.get(publication.app_id)
        if space is None:
            return
        excluded = None
        if publication.except_socket is not None:
            excluded = space.by_id.get(publication.except_socket)
        if self._observer is not None:
            self._observer.delivered(publication, _reached(space, publication, excluded))
        if publication.is_shared and not numbered and len(publication.channels) >= _MANY:
            shared = SharedFrame(publication.event, publication.data)
            self.fan_out.put_shared(space.channels, publication.channels, shared)
            return
        for name in publication.channels:
            channel = space.channels.get(name)
            if channel is not None:
                frame = numbered.get(name) if numbered else None
                if frame is None:
                    frame = frames.channel_event(
                        publication.event, name, publication.data, publication.user_id
                    )
                self.fan_out.put(channel, frame, excluded, name)


def _reached(space: Space, publication: Publication, excluded: Socket | None) -> int:
    """Return how many subscriptions get a publication."""
    heard_by = [space.listeners(name) for name in publication.channels]
    return sum(len(listeners) - (excluded in listeners) for listeners in heard_by)
