"""Membership: what everybody on a channel is told when a subscriber comes or goes."""

from __future__ import annotations

from collections.abc import Callable

from kabar.core.events import Publication
from kabar.engines.broker import Came, Fact, Went
from kabar.engines.realtime.apps.app import App
from kabar.engines.realtime.apps.apps import Apps
from kabar.engines.realtime.apps.edges import Edge, Edges
from kabar.engines.realtime.apps.history_rules import find_rule
from kabar.engines.realtime.clock import Clock
from kabar.engines.realtime.connection.replay import Replay
from kabar.engines.realtime.connection.socket import Socket
from kabar.engines.realtime.history.catch_up import Backlog, catch_up, no_history
from kabar.engines.realtime.history.frames import with_position
from kabar.engines.realtime.hub.counts import CountAnnouncer
from kabar.engines.realtime.hub.hub import Hub, Space
from kabar.engines.realtime.limits import RealtimeLimits
from kabar.engines.realtime.protocol import channels, frames
from kabar.engines.realtime.protocol.errors import Refusal
from kabar.engines.realtime.protocol.frames import Member


class Membership:
    """Lets sockets join and leave channels, and tells this node's sockets who is there.

    A join on this node is applied at once and told to the other nodes as a fact; theirs are
    applied when the broker brings them. So every node knows the members of every channel without
    asking, and each tells its own sockets.
    """

    def __init__(
        self,
        *,
        node_id: str,
        apps: Apps,
        hub: Hub,
        limits: RealtimeLimits,
        clock: Clock,
        edges: Edges,
        send: Callable[[Socket, bytes], None],
        tell_nodes: Callable[[Fact], None],
    ) -> None:
        self._node_id = node_id
        self._apps = apps
        self._hub = hub
        self._limits = limits
        self._clock = clock
        self._edges = edges
        self._send = send
        self._tell_nodes = tell_nodes
        self._counting = CountAnnouncer(clock, self._tell_count)

    def join(
        self, socket: Socket, channel: str, member: Member | None, replay: Replay | None = None
    ) -> None:
        """Let a socket hear a channel, and first the past events that it asks for (`replay`).

        Raises a Refusal if the channel is full.
        """
        connection = socket.connection
        space = self._hub.space(connection.app.id)
        if member is not None:
            self._require_not_full(space, channel, member)
        self._hub.join(socket, channel)
        user_id, user_info = (member.user_id, member.user_info) if member else (None, None)
        who = (self._node_id, connection.app.id, channel, connection.socket_id)
        came = Came(*who, user_id, user_info)
        self.came(came)
        self._tell_nodes(came)

        # From here to the end nothing waits. So no event falls between the backlog and the live
        # events, and none is in both.
        backlog = self._backlog(socket, channel, replay)
        if member is None:
            frame = frames.subscription_succeeded(channel)
        else:
            members = space.presence.members(channel)
            frame = frames.presence_subscription_succeeded(channel, members)
        self._send(
            socket, frame if backlog.position is None else with_position(frame, backlog.position)
        )
        if channels.is_cache(channel) and not backlog.has_last_of_server:
            self._tell_last(space, socket, channel)
        if backlog.events:
            self._hub.tell(socket, channel, [kept.frame for kept in backlog.events])

    def leave(self, socket: Socket, channel: str, member: Member | None) -> None:
        """Let a socket hear a channel no more."""
        if not self._hub.leave(socket, channel):
            return
        connection = socket.connection
        who = (self._node_id, connection.app.id, channel, connection.socket_id)
        went = Went(*who, member.user_id if member is not None else None)
        self.went(went)
        self._tell_nodes(went)

    def came(self, fact: Came) -> None:
        """Apply a fact: a subscription on any node has begun."""
        app, channel = self._apps.find_by_id(fact.app_id), fact.channel
        if app is None:
            return
        space = self._hub.space(app.id)
        count = space.counts.came(channel, fact.node_id)
        if count == 1:
            self._edges.happened(app, Edge(name="channel_occupied", channel=channel))
        if fact.user_id is not None:
            member = Member(fact.user_id, fact.user_info)
            if space.presence.join(channel, member, fact.node_id):
                data = frames.member_added(member)
                self._tell(app, channel, frames.MEMBER_ADDED, data, fact.socket_id)
                edge = Edge(name="member_added", channel=channel, user_id=fact.user_id)
                self._edges.happened(app, edge)
        self._count(app, channel, count)

    def went(self, fact: Went) -> None:
        """Apply a fact: a subscription on any node is over."""
        app, channel = self._apps.find_by_id(fact.app_id), fact.channel
        if app is None:
            return
        space = self._hub.space(app.id)
        count = space.counts.went(channel, fact.node_id)
        if count is None:
            return
        user_id = fact.user_id
        if user_id is not None and space.presence.leave(channel, user_id, fact.node_id):
            data = frames.member_removed(user_id)
            self._tell(app, channel, frames.MEMBER_REMOVED, data, fact.socket_id)
            edge = Edge(name="member_removed", channel=channel, user_id=user_id)
            self._edges.happened(app, edge)
        self._count(app, channel, count)
        if count == 0:
            space.cache.vacated(channel)
            self._edges.happened(app, Edge(name="channel_vacated", channel=channel))

    def _require_not_full(self, space: Space, channel: str, member: Member) -> None:
        limit, presence = self._limits.max_presence_members, space.presence
        if presence.count(channel) >= limit and not presence.has(channel, member.user_id):
            raise Refusal(f"{channel} has {limit} members, the most it may")

    def _backlog(self, socket: Socket, channel: str, replay: Replay | None) -> Backlog:
        # The app of now, by whose rules events are kept, and not the one of when it connected.
        app = self._apps.find_by_id(socket.connection.app.id)
        rule = find_rule(app.history, channel) if app is not None and app.history else None
        if app is None or rule is None:
            return no_history(replay)
        now = self._clock.now()
        return catch_up(
            self._hub.space(app.id).history.stream(rule, channel, now),
            replay,
            socket_id=socket.connection.socket_id,
            # The other half of the queue is for events that come meanwhile.
            max_bytes=self._limits.socket_queue_bytes // 2 - socket.unsent,
            now=now,
        )

    def _tell_last(self, space: Space, socket: Socket, channel: str) -> None:
        """Send a new subscriber the last event of a cache channel, before any new event."""
        last = space.cache.find(channel, self._clock.now())
        if last is not None:
            self._send(socket, frames.channel_event(last.event, channel, last.data, None))
        else:
            self._send(socket, frames.cache_miss(channel))
            if space.cache.is_news(channel):
                edge = Edge(name="cache_miss", channel=channel)
                self._edges.happened(socket.connection.app, edge)

    def _count(self, app: App, channel: str, count: int) -> None:
        if app.subscription_count and channels.tells_count(channel):
            self._counting.changed(app, channel, count)

    def _tell_count(self, app: App, channel: str, count: int) -> None:
        edge = Edge(name="subscription_count", channel=channel, subscription_count=count)
        self._edges.happened(app, edge)
        data = frames.subscription_count(count)
        self._tell(app, channel, frames.SUBSCRIPTION_COUNT, data)

    def _tell(
        self, app: App, channel: str, event: str, data: str, except_socket: str | None = None
    ) -> None:
        """Tell this node's subscribers of a channel."""
        self._hub.deliver(
            Publication(
                channels=(channel,),
                event=event,
                data=data,
                except_socket=except_socket,
                app_id=app.id,
            )
        )
