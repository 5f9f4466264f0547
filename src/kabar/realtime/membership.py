"""What it means for everybody on a channel that somebody comes or goes."""

from __future__ import annotations

from collections.abc import Callable

from kabar.events import Publication
from kabar.realtime import channels, protocol
from kabar.realtime.apps import App
from kabar.realtime.clock import Clock
from kabar.realtime.counts import CountTeller
from kabar.realtime.edges import Edge, Edges
from kabar.realtime.hub import Hub, Space
from kabar.realtime.limits import RealtimeLimits
from kabar.realtime.protocol import Member, Refusal
from kabar.realtime.wire import Socket


class Membership:
    """Lets sockets into channels and out of them, and tells who has to know."""

    def __init__(
        self,
        *,
        hub: Hub,
        limits: RealtimeLimits,
        clock: Clock,
        edges: Edges,
        send: Callable[[Socket, bytes], None],
        publish: Callable[[Publication], None],
    ) -> None:
        self._hub = hub
        self._limits = limits
        self._clock = clock
        self._edges = edges
        self._send = send
        self._publish = publish
        self._counting = CountTeller(clock, self._tell_count)

    def join(self, socket: Socket, channel: str, member: Member | None) -> None:
        """Let a socket hear a channel, or raise the Refusal that it gets because it is full."""
        app = socket.connection.app
        space = self._hub.space(app.id)
        if member is not None:
            self._require_room(space, channel, member)
        self._hub.join(socket, channel)
        count = space.counts.came(channel)
        if count == 1:
            self._edges.happened(app, Edge(name="channel_occupied", channel=channel))

        if member is None:
            self._send(socket, protocol.subscription_succeeded(channel))
        else:
            self._welcome(space, socket, channel, member)
        if channels.is_cache(channel):
            self._tell_last(space, socket, channel)
        self._count(app, channel, count)

    def leave(self, socket: Socket, channel: str, member: Member | None) -> None:
        """Let a socket hear a channel no more."""
        if not self._hub.leave(socket, channel):
            return
        app = socket.connection.app
        space = self._hub.space(app.id)
        count = space.counts.went(channel)
        if member is not None and space.presence.leave(channel, member.user_id):
            data = protocol.member_removed(member.user_id)
            self._tell_members(socket, channel, protocol.MEMBER_REMOVED, data)
            edge = Edge(name="member_removed", channel=channel, user_id=member.user_id)
            self._edges.happened(app, edge)
        self._count(app, channel, count)
        if count == 0:
            space.cache.vacated(channel)
            self._edges.happened(app, Edge(name="channel_vacated", channel=channel))

    def _welcome(self, space: Space, socket: Socket, channel: str, member: Member) -> None:
        is_new = space.presence.join(channel, member)
        members = space.presence.members(channel)
        self._send(socket, protocol.presence_subscription_succeeded(channel, members))
        if is_new:
            data = protocol.member_added(member)
            self._tell_members(socket, channel, protocol.MEMBER_ADDED, data)
            edge = Edge(name="member_added", channel=channel, user_id=member.user_id)
            self._edges.happened(socket.connection.app, edge)

    def _require_room(self, space: Space, channel: str, member: Member) -> None:
        limit, presence = self._limits.max_presence_members, space.presence
        if presence.count(channel) >= limit and not presence.has(channel, member.user_id):
            raise Refusal(f"{channel} has {limit} members, the most it may")

    def _tell_last(self, space: Space, socket: Socket, channel: str) -> None:
        """Tell a newcomer what was said last; before anything else that is said there."""
        last = space.cache.find(channel, self._clock.now())
        if last is not None:
            self._send(socket, protocol.channel_event(last.event, channel, last.data, None))
        else:
            self._send(socket, protocol.cache_miss(channel))
            if space.cache.is_news(channel):
                edge = Edge(name="cache_miss", channel=channel)
                self._edges.happened(socket.connection.app, edge)

    def _count(self, app: App, channel: str, count: int) -> None:
        if app.subscription_count and channels.tells_count(channel):
            self._counting.changed(app, channel, count)

    def _tell_count(self, app: App, channel: str, count: int) -> None:
        edge = Edge(name="subscription_count", channel=channel, subscription_count=count)
        self._edges.happened(app, edge)
        if count:
            self._publish(
                Publication(
                    channels=(channel,),
                    event=protocol.SUBSCRIPTION_COUNT,
                    data=protocol.subscription_count(count),
                    app_id=app.id,
                )
            )

    def _tell_members(self, about: Socket, channel: str, event: str, data: str) -> None:
        self._publish(
            Publication(
                channels=(channel,),
                event=event,
                data=data,
                except_socket=about.connection.socket_id,
                app_id=about.connection.app.id,
            )
        )
